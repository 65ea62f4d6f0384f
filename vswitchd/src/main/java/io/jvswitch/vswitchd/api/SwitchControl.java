package io.jvswitch.vswitchd.api;

import io.jvswitch.vswitchd.capture.CaptureRequest;
import io.jvswitch.vswitchd.capture.CaptureSource;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.view.ChangeView;
import io.jvswitch.vswitchd.view.DropView;
import io.jvswitch.vswitchd.view.FdbView;
import io.jvswitch.vswitchd.view.FlowView;
import io.jvswitch.vswitchd.view.HostView;
import io.jvswitch.vswitchd.view.LeaseView;
import io.jvswitch.vswitchd.view.NeighbourView;
import io.jvswitch.vswitchd.view.NetworkView;
import io.jvswitch.vswitchd.view.PortView;
import io.jvswitch.vswitchd.view.StatsView;
import io.jvswitch.vswitchd.view.SwitchView;
import io.jvswitch.vswitchd.view.TraceView;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a running switch can be asked and told.
 *
 * <p>Any thread may call, also a network thread: no method blocks. The returned future completes on a thread of the
 * implementation's choice, either with an immutable view or with a {@link ControlRefusedException}. Changes are carried
 * out in the order of the calls, each all or nothing, while frames flow; they last until the daemon stops or a reload
 * says otherwise.
 *
 * <p>A filter that is null lets everything through. One that names a port or network that does not exist is refused
 * with {@link ControlRefusedException.Kind#NOT_FOUND}.
 */
public interface SwitchControl {

    /** The whole switch. */
    CompletableFuture<SwitchView> show();

    /** All ports in configured order. */
    CompletableFuture<List<PortView>> ports();

    /** All networks in configured order. */
    CompletableFuture<List<NetworkView>> networks();

    /** Hosts behind other VTEPs known by configuration or command. */
    CompletableFuture<List<HostView>> hosts();

    /** MAC tables, of one network or of all. */
    CompletableFuture<List<FdbView>> fdb(@Nullable String network);

    /**
     * Megaflows of all workers, of those frames that come in by {@code port} or of all; {@code underlay} names the
     * tunnels.
     */
    CompletableFuture<List<FlowView>> flows(@Nullable String port);

    /** What the ARP and neighbour-discovery responder answers. */
    CompletableFuture<List<NeighbourView>> neighbours();

    /** DHCP leases. */
    CompletableFuture<List<LeaseView>> leases();

    /** Drop counters, of one port ({@code underlay} included) or of all; zero counters may be left out. */
    CompletableFuture<List<DropView>> drops(@Nullable String port);

    /** Counters of each queue and worker. */
    CompletableFuture<StatsView> stats();

    /** Attaches a port. */
    CompletableFuture<ChangeView> addPort(PortSpec port);

    /** Detaches a port and removes the device if the switch made it. */
    CompletableFuture<ChangeView> removePort(String port);

    /** Adds a network. */
    CompletableFuture<ChangeView> addNetwork(NetworkSpec network);

    /** Removes a network; refused while ports are attached to it. */
    CompletableFuture<ChangeView> removeNetwork(String network);

    /** Adds a VTEP to a network's flood list. */
    CompletableFuture<ChangeView> addRemote(String network, IpAddress remote);

    /** Takes a VTEP from a network's flood list; frames from it are refused then, unless a host lives behind it. */
    CompletableFuture<ChangeView> removeRemote(String network, IpAddress remote);

    /** Adds a host to a network, or moves or changes the one with the same MAC address. */
    CompletableFuture<ChangeView> addHost(String network, HostSpec host);

    /** Removes a host from a network. */
    CompletableFuture<ChangeView> removeHost(String network, MacAddress mac);

    /** Becomes what {@code spec} says, keeping what did not change: all or nothing. */
    CompletableFuture<ChangeView> reload(SwitchSpec spec);

    /** Says what would happen to a frame, and changes nothing. */
    CompletableFuture<TraceView> trace(TraceInput frame);

    /**
     * Begins a capture, which the caller closes. Refused with {@link ControlRefusedException.Kind#UNAVAILABLE} when
     * there are too many.
     */
    CompletableFuture<CaptureSource> capture(CaptureRequest request);

    /** Begins to stop; the future completes before the daemon has ended, so that the caller can be answered. */
    CompletableFuture<ChangeView> stop();
}
