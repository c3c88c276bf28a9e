export async function open() { throw new Error("-"); }
