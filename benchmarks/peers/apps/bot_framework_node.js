// The interview as a waterfall of text prompts in Bot Framework for Node, the state of a talk in SQLite (better-sqlite3).
// node bot_framework_node.js FOLDER_OF_NODE_MODULES DATABASE. WAL, synchronous=FULL, one commit a turn.
"use strict";
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { randomBytes } = require("node:crypto");

const [modules, file] = process.argv.slice(2);
const wanted = (name) => require(path.join(modules, name));
const Database = wanted("better-sqlite3");
const { ActivityTypes, BotAdapter, ConversationState, TurnContext } = wanted("botbuilder-core");
const { DialogSet, DialogTurnStatus, TextPrompt, WaterfallDialog } = wanted("botbuilder-dialogs");
const { questions, thanks } = JSON.parse(fs.readFileSync(path.join(__dirname, "interview.json"), "utf8"));

class SqliteStorage {
  constructor(database) {
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    database.exec("CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
    this.find = database.prepare("SELECT value FROM state WHERE key = ?").pluck();
    const keep = database.prepare("INSERT OR REPLACE INTO state VALUES (?, ?)");
    this.keepAll = database.transaction((changes) => {
      for (const [key, value] of Object.entries(changes)) keep.run(key, JSON.stringify(value));
    });
  }

  async read(keys) {
    const found = {};
    for (const key of keys) {
      const value = this.find.get(key);
      if (value !== undefined) found[key] = JSON.parse(value);
    }
    return found;
  }

  async write(changes) {
    this.keepAll.immediate(changes);
  }

  async delete() {}
}

class Answering extends BotAdapter {
  async sendActivities(context, activities) {
    const said = context.turnState.get("said");
    for (const activity of activities) said.push(activity.text);
    return activities.map((_, number) => ({ id: String(number) }));
  }

  async updateActivity() {}

  async deleteActivity() {}
}

const state = new ConversationState(new SqliteStorage(new Database(file)));
const answers = state.createProperty("answers");
const dialogs = new DialogSet(state.createProperty("dialogs"));
const adapter = new Answering();
const asking = (question, number) => async (waterfall) => {
  if (number) waterfall.values[number - 1] = waterfall.result;
  return waterfall.prompt("text", question);
};
const thanking = async (waterfall) => {
  waterfall.values[questions.length - 1] = waterfall.result;
  await waterfall.context.sendActivity(thanks);
  return waterfall.endDialog({ ...waterfall.values });
};
dialogs.add(new TextPrompt("text"));
dialogs.add(new WaterfallDialog("interview", [...questions.map(asking), thanking]));

async function hears(token, type, text) {
  const said = [];
  let done = false;
  const context = new TurnContext(adapter, {
    type,
    text,
    id: "1",
    channelId: "web",
    serviceUrl: "http://localhost",
    locale: "ja-jp",
    conversation: { id: token },
    from: { id: "prospect" },
    recipient: { id: "bot" },
  });
  context.turnState.set("said", said);
  await adapter.runMiddleware(context, async (turn) => {
    const dialog = await dialogs.createContext(turn);
    if (type === ActivityTypes.ConversationUpdate) await dialog.beginDialog("interview");
    else {
      const result = await dialog.continueDialog();
      done = result.status === DialogTurnStatus.complete;
      if (done) await answers.set(turn, result.result);
    }
    await state.saveChanges(turn);
  });
  return { reply: said.join(" "), done };
}

async function answer(request, body) {
  if (request.url === "/api/chat/sessions") {
    const token = randomBytes(16).toString("base64url");
    const { reply } = await hears(token, ActivityTypes.ConversationUpdate);
    return [201, { token, reply }];
  }
  if (request.url !== "/api/chat/messages") return [404, {}];
  const said = JSON.parse(body);
  return [200, await hears(request.headers.authorization.slice(7), ActivityTypes.Message, said.text || said.choice)];
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", async () => {
    try {
      const [status, answered] = await answer(request, Buffer.concat(parts).toString());
      const body = Buffer.from(JSON.stringify(answered));
      response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
      response.end(body);
    } catch (problem) {
      console.error(problem);
      response.writeHead(500, { "content-length": 0 });
      response.end();
    }
  });
});
server.keepAliveTimeout = 60000;
server.listen(0, "127.0.0.1", 2048, () => console.log(`listens on http://127.0.0.1:${server.address().port}`));
process.on("SIGTERM", () => process.exit(0));
