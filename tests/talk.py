"""What a prospect says who answers everything; {n} makes firm and address of many of them differ."""

TALK = (
    "手作業が多くて困っています",
    "3ヶ月以内",
    "私が決めます",
    "300万円",
    "株式会社アサヒ{n}",
    "山田太郎 t{n}@asahi.example",
)
