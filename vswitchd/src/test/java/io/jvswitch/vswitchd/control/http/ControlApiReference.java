package io.jvswitch.vswitchd.control.http;

import io.jvswitch.vswitchd.api.SwitchControl;
import io.jvswitch.vswitchd.reference.MarkdownTable;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The reference page of the control socket, made from its routes. */
public final class ControlApiReference {

    private ControlApiReference() {}

    /** The page below its heading. */
    public static String body() {
        MarkdownTable table = new MarkdownTable("Method", "Path", "Query", "What it does");
        for (Route route : new ControlRoutes(noSwitch(), CompletableFuture::new).all()) {
            table.row(
                    route.method(),
                    MarkdownTable.code(route.path()),
                    route.query().stream().map(MarkdownTable::code).collect(Collectors.joining(", ")),
                    route.doc());
        }
        return """
                The daemon serves HTTP on the Unix socket `switch.control-socket`, mode 0600: who may open it may do everything.

                ```
                curl --unix-socket /run/jvswitch/hv1.sock http://jvswitch/v1/ports
                curl --unix-socket /run/jvswitch/hv1.sock http://jvswitch/v1/ports \\
                    -d '{"name": "tap-vm2", "kind": "tap", "network": "blue"}'
                ```

                Answers are JSON: objects with keys in snake case, lists as arrays with an element a line, absent values left out,
                units in the names (`_bytes`, `_seconds`, `_ms`, `_ns`). With `Accept: text/plain` they are the text that the
                command prints. A connection takes one request, of at most 4 MiB.

                A capture is an answer without an end of its own, in pcapng unless `format` says otherwise:

                ```
                curl -sN --unix-socket /run/jvswitch/hv1.sock 'http://jvswitch/v1/capture?port=tap-vm1&drops=true' | tcpdump -nr -
                ```

                It ends after `count` frames or `seconds`, when the switch stops, and when the client closes its side of the connection: one
                that only shuts its sending side down still gets what was captured until then. The switch never waits for a client. What finds
                no room in 16 MiB of rings (1 MiB a worker at least) is lost to the capture: `epb_dropcount` of the next frame and `isb_ifdrop` at
                the end count it, and so do the trailers `Jvswitch-Captured` and `Jvswitch-Lost` of every format. `port` is a port's name,
                `underlay` or `any`; `direction` is `rx`, `tx` or `both`; `drops=true` takes the frames that are dropped there, with the reason in the
                frame's comment, instead of those that pass; `filter` has the words of `jvswitch capture`, `snaplen` the most bytes of a frame. A
                fifth capture beside four others is refused with 503.

                Bodies have the keys of [the configuration](configuration.md). Changes take effect while frames flow, and last
                until the daemon ends or reloads its file. A reload makes the switch what the file says and nothing else: ports,
                networks, remotes and hosts that were added by request and are not in the file are removed by it, and those that
                were removed come back. Every change and every refusal is logged.

                A refusal changes nothing and is an object with `error` (what is wrong), `object` (what it is about), `value` (what
                was refused, if anything), `remedy` (what to do), and `errors` (every error, when a body or file had some). Its
                status is 400 for a request that makes no sense, 404 for a name that does not exist, 405 for a wrong method, 409
                for what contradicts the switch or the host refused, 413 for a body that is too large, 503 when the switch
                starts, stops or is overloaded.

                """ + table;
    }

    /** Routes only name the switch; none is asked here. */
    private static SwitchControl noSwitch() {
        return (SwitchControl) Proxy.newProxyInstance(
                SwitchControl.class.getClassLoader(),
                new Class<?>[] {SwitchControl.class},
                (proxy, method, arguments) -> {
                    throw new AssertionError("no switch to ask for " + method.getName());
                });
    }
}
