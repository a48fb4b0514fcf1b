// What a phone keeps: the kit that it may go on alone with, and what it holds until
// the agent has it. All of it is encrypted with keys that never leave this browser.
// What is kept is on the disk when a promise here is fulfilled.

const NAME = "bukti-hadir-desk";
const SEALED = { name: "AES-GCM", length: 256 };

function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

// Safe is opened with Safe.open().
export class Safe {
  #db;

  static async open() {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore("kept"); // keys, kit, contact: by name
      request.result.createObjectStore("held", { autoIncrement: true }); // in their order
    });
    const safe = new Safe();
    safe.#db = await done(request);
    return safe;
  }

  // #write runs one transaction and waits until it is on the disk.
  #write(stores, work) {
    return new Promise((resolve, reject) => {
      const tx = this.#db.transaction(stores, "readwrite", { durability: "strict" });
      tx.addEventListener("complete", resolve);
      tx.addEventListener("abort", () => reject(tx.error ?? new Error("not kept")));
      work(tx);
    });
  }

  #kept(name) {
    return done(this.#db.transaction("kept").objectStore("kept").get(name));
  }

  // #key gives a key by its name, and makes it where there is none.
  async #key(name) {
    const have = await this.#kept(name);
    if (have) return have;
    const fresh = await crypto.subtle.generateKey(SEALED, false, ["encrypt", "decrypt"]);
    await this.#write("kept", (tx) => tx.objectStore("kept").put(fresh, name));
    return fresh;
  }

  async #seal(key, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
  }

  async #open(key, { iv, data }) {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data)));
  }

  async keep(name, value) {
    const sealed = await this.#seal(await this.#key("kit-key"), value);
    await this.#write("kept", (tx) => tx.objectStore("kept").put(sealed, name));
  }

  // kit gives what was kept under a name, null where there is nothing that opens.
  async kept(name) {
    const sealed = await this.#kept(name);
    return sealed ? this.#open(await this.#key("kit-key"), sealed).catch(() => null) : null;
  }

  // forget erases everything about people but what the agent doesn't have yet. Without
  // its key, what a disk may still hold of it can't be read.
  forget() {
    return this.#write("kept", (tx) => {
      for (const name of ["kit", "contact", "kit-key"]) tx.objectStore("kept").delete(name);
    });
  }

  async hold(held) {
    const sealed = await this.#seal(await this.#key("held-key"), held);
    await this.#write("held", (tx) => tx.objectStore("held").add(sealed));
  }

  count() {
    return done(this.#db.transaction("held").objectStore("held").count());
  }

  // held lists what is waiting, the oldest first, as {at, held}.
  async held(most) {
    const store = this.#db.transaction("held").objectStore("held");
    const [keys, values] = await Promise.all([done(store.getAllKeys(null, most)), done(store.getAll(null, most))]);
    const key = await this.#key("held-key");
    return Promise.all(keys.map(async (at, i) => ({ at, held: await this.#open(key, values[i]) })));
  }

  // release lets go of what the agent has said to have.
  release(places) {
    return this.#write("held", (tx) => places.forEach((at) => tx.objectStore("held").delete(at)));
  }
}
