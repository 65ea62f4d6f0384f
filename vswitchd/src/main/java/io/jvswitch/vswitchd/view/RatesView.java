package io.jvswitch.vswitchd.view;

import java.util.List;

/**
 * What crossed the switch between two moments, a second.
 *
 * @param name the switch's
 * @param seconds how long it was between the moments
 * @param flows megaflows at the later one
 * @param ports one entry a port, the underlay last as {@code underlay}
 * @param workers one entry a worker
 */
public record RatesView(String name, double seconds, long flows, List<PortRates> ports, List<WorkerRates> workers) {

    public RatesView {
        ports = List.copyOf(ports);
        workers = List.copyOf(workers);
    }

    /**
     * A port.
     *
     * @param port its name
     * @param state whether it carries frames
     * @param rxFramesPerSecond from the guest, or the network under the tunnels
     * @param txFramesPerSecond to it
     * @param dropsPerSecond frames dropped where they came in
     * @param dropFrames all that were dropped so far
     */
    public record PortRates(
            String port,
            PortState state,
            double rxFramesPerSecond,
            double rxBitsPerSecond,
            double txFramesPerSecond,
            double txBitsPerSecond,
            double dropsPerSecond,
            long dropFrames) {}

    /**
     * A worker.
     *
     * @param worker its number
     * @param busy share of the time in rounds that found work, 0 to 1
     * @param framesPerSecond frames looked up
     * @param exactHits share that the exact-match cache answered, 0 to 1
     * @param megaflowHits share that a megaflow answered, 0 to 1
     * @param missesPerSecond frames that were translated
     * @param flows megaflows installed now
     */
    public record WorkerRates(
            int worker,
            double busy,
            double framesPerSecond,
            double exactHits,
            double megaflowHits,
            double missesPerSecond,
            long flows) {}
}
