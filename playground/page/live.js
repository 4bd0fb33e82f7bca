// The live connection of this window: what happens arrives at once, and comes back by itself after a break.

let socket = null;
let waiting = null;
let wait = 300;

export function connect(as, told, broken) {
  clearTimeout(waiting);
  if (socket) {
    socket.onclose = null;
    socket.close();
  }
  socket = new WebSocket(`ws://${location.host}/live?as=${encodeURIComponent(as)}`);
  socket.onopen = () => { wait = 300; };
  socket.onmessage = (frame) => told(JSON.parse(frame.data));
  socket.onclose = () => {
    broken();
    waiting = setTimeout(() => connect(as, told, broken), wait);
    wait = Math.min(wait * 2, 5000);
  };
}

export function wish(what, more = {}) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ do: what, ...more }));
}
