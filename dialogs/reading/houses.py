"""A house and who runs it are one name: 医療法人みどり会 八千代中央病院."""

import re
from dataclasses import replace

from dialogs.reading.found import Part

_OWNER = r"(?:社会医療|医療|学校|社会福祉|宗教)法人(?:社団|財団)?\s?[\u4e00-\u9fff々ァ-ヴーぁ-ん]{1,12}?"
_HOUSE = (
    r"[\u4e00-\u9fff々ァ-ヴーぁ-んa-zA-Z]{1,16}?"
    r"(?:病院|医院|クリニック|診療所|歯科|高校|高等学校|中学校|小学校|学校|大学|幼稚園|保育園|こども園|老人ホーム[ぁ-んァ-ヴー]{0,8}|苑|荘|ケアセンター|寺|神社)"
)
_ITS_HOUSE = re.compile(rf"(?:\s|の){_HOUSE}(?=です|でござ|と申|の|で[、は]|[。、,\s/()]|$)")


def with_its_house(written: str, name: Part) -> Part:
    """医療法人みどり会 八千代中央病院: who runs a house and the house are one name."""
    if not re.fullmatch(_OWNER, name.value):
        return name
    house = _ITS_HOUSE.match(written, name.end)
    return replace(name, value=written[name.start : house.end()], end=house.end()) if house else name
