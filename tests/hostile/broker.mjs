// A broker with moods: in front of a real one, it can be slow, silent, or send too much.
import { randomBytes } from "node:crypto";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Payload of the longest packet that MQTT has, almost. */
export const HUGE = 250_000_000;

/** Parts of a huge packet, so that it need not be in memory. */
const PART = Buffer.alloc(1_000_000, 0xff);

/** Properties that anybody may add to a message, 250 kB of them. */
const USER_PROPERTIES = Buffer.concat(
    Array(50_000).fill(Buffer.from([0x26, 0, 0, 0, 0])),
);

const SUBSCRIPTIONS = 300_000;

const CONNACK = Buffer.from([0x20, 0x03, 0x00, 0x00, 0x00]);

/**
 * What a broker does with a connection besides passing on what its clients send.
 *
 * @type {Record<string, (client: net.Socket, broker: net.Socket, topic: string) => any>}
 */
const MOODS = {
    honest: pass,

    /** A few bytes at a time, in both directions. */
    slow(client, broker) {
        trickle(client, broker);
        trickle(broker, client);
    },

    /** Accepts connections and says nothing. */
    silent(client) {
        client.resume();
    },

    /** Closes each connection as soon as it is accepted. */
    closing(client, broker) {
        pass(client, broker);
        broker.once("data", () => setImmediate(() => client.destroy()));
    },

    /** Accepts a connection again and again. */
    repeating(client, broker) {
        pass(client, broker);
        return afterConnack(client, broker, () => CONNACK);
    },

    /** Sends as many short messages as the client takes. */
    flooding(client, broker, topic) {
        pass(client, broker);
        const messages = Buffer.concat(Array(100).fill(publish(topic, "online")));
        return afterConnack(client, broker, () => messages);
    },

    /** Sends as many messages to be acknowledged in two steps, none of which ever ends. */
    unfinished(client, broker, topic) {
        pass(client, broker);
        let id = 0;
        return afterConnack(client, broker, () => {
            id = (id % 65_535) + 1;
            return publish(topic, "x".repeat(4000), { qos: 2, id });
        });
    },

    /** Messages with so many properties that decoding one takes half a minute. */
    adorned(client, broker, topic) {
        pass(client, broker);
        const message = publish(topic, "online", { properties: USER_PROPERTIES });
        return afterConnack(client, broker, () => message);
    },

    /** Answers to hundreds of thousands of subscriptions. */
    subscribed(client, broker) {
        pass(client, broker);
        const answer = packet(0x90, Buffer.alloc(SUBSCRIPTIONS));
        return afterConnack(client, broker, () => answer);
    },

    /** What is no MQTT at all. */
    babbling(client, broker) {
        pass(client, broker);
        return afterConnack(client, broker, () => randomBytes(1000));
    },

    /** A message of 250 MB, and another one as soon as that is taken. */
    huge(client, broker, topic) {
        pass(client, broker);
        let left = 0;
        return afterConnack(client, broker, () => {
            left = left > 0 ? left - PART.length : HUGE;
            return left === HUGE ? publishHead(topic, HUGE) : PART;
        });
    },
};

export const moods = Object.keys(MOODS);

/**
 * Starts it in front of the real broker at `port`.
 *
 * @param {number} port
 * @returns {Promise<{port: number, become: (mood: string, topic?: string) => void,
 *     connections: () => number, stop: () => Promise<void>}>} `become` ends all
 *     connections; it will send messages on `topic`
 */
export async function startHostileBroker(port) {
    let mood = MOODS.honest;
    let about = "homeassistant/status";
    let connections = 0;
    const clients = new Set();
    const server = net.createServer((client) => {
        connections += 1;
        const broker = net.connect(port, "127.0.0.1");
        clients.add(client);
        for (const [one, other] of [
            [client, broker],
            [broker, client],
        ]) {
            one.on("error", () => {});
            one.on("close", () => other.destroy());
        }
        client.on("close", () => clients.delete(client));
        mood(client, broker, about);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const hangUp = () => {
        for (const client of clients) client.destroy();
    };
    return {
        port: server.address().port,
        connections: () => connections,
        become(name, topic = "homeassistant/status") {
            mood = MOODS[name];
            about = topic;
            hangUp();
        },
        async stop() {
            const closed = new Promise((resolve) => server.close(resolve));
            hangUp();
            await closed;
        },
    };
}

function pass(client, broker) {
    client.pipe(broker);
    broker.pipe(client);
}

function trickle(from, to) {
    from.on("data", async (data) => {
        from.pause();
        for (let i = 0; i < data.length && !to.destroyed; i += 20) {
            to.write(data.subarray(i, i + 20));
            await sleep(50);
        }
        from.resume();
    });
}

/** Sends what `next` returns as quickly as the client takes it, once it is connected. */
async function afterConnack(client, broker, next) {
    await new Promise((resolve) => broker.once("data", resolve));
    // Subscribed by then, so that nothing is unexpected.
    await new Promise((resolve) => broker.once("data", resolve));
    let goOn;
    for (const event of ["drain", "close"]) client.on(event, () => goOn?.());
    while (!client.destroyed) {
        const isTaken = client.write(next());
        await new Promise((resolve) => {
            goOn = resolve;
            if (isTaken) setImmediate(resolve);
        });
    }
}

function publish(topic, payload, options) {
    const length = payload.length;
    return Buffer.concat([publishHead(topic, length, options), Buffer.from(payload)]);
}

/** A PUBLISH of MQTT 5 up to its payload of `length` bytes. */
function publishHead(topic, length, { qos = 0, id, properties = Buffer.alloc(0) } = {}) {
    const name = Buffer.from(topic);
    const rest = [
        ...[Buffer.from([name.length >> 8, name.length & 0xff]), name],
        Buffer.from(qos ? [id >> 8, id & 0xff] : []),
        ...[encoded(properties.length), properties],
    ];
    return packet(0x30 | (qos << 1), Buffer.concat(rest), length);
}

/** A packet, without its last `missing` bytes. */
function packet(head, body, missing = 0) {
    const length = encoded(body.length + missing);
    return Buffer.concat([Buffer.from([head]), length, body]);
}

/** A length, as MQTT encodes it. */
function encoded(number) {
    const bytes = [];
    do {
        bytes.push(number % 128);
        number = Math.floor(number / 128);
    } while (number > 0);
    return Buffer.from(bytes.map((it, i) => (i < bytes.length - 1 ? it | 0x80 : it)));
}
