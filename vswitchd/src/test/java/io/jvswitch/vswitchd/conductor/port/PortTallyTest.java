package io.jvswitch.vswitchd.conductor.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.worker.ConductorInbox;
import io.jvswitch.datapath.worker.Worker;
import io.jvswitch.datapath.worker.WorkerSettings;
import io.jvswitch.datapath.worker.Workers;
import io.jvswitch.wire.DropReason;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PortTallyTest {

    @Test
    void countsAllThatHappenedSinceTheNumberIsThePorts() {
        Worker worker = new Worker(0, WorkerSettings.standard(), new ConductorInbox(16));
        try {
            PortTally tally = new PortTally(Workers.of(List.of(worker.proxy())));
            worker.proxy().inject(3, new byte[60]); // to a port that is not there
            worker.doWork(1);
            tally.dropped(3, DropReason.DHCP_INVALID);
            assertEquals(2, tally.traffic(3).dropFrames());
            assertEquals(1, tally.drops(3, DropReason.PORT_DOWN));
            assertEquals(1, tally.drops(3, DropReason.DHCP_INVALID));
            tally.lostInKernel(3, DropReason.RX_OVERRUN, 5);
            tally.lostInKernel(3, DropReason.RX_OVERRUN, 0);
            assertEquals(7, tally.traffic(3).dropFrames());
            assertEquals(5, tally.traffic(3).rxFrames(), "nobody else counts them as received");
            assertEquals(7, tally.traffic(worker.proxy(), 3).dropFrames(), "the rows add up");
            assertEquals(5, tally.drops(3, DropReason.RX_OVERRUN));
            tally.restart(3);
            assertEquals(0, tally.traffic(3).rxFrames());
            assertEquals(0, tally.drops(3, DropReason.RX_OVERRUN));
            assertEquals(0, tally.traffic(3).dropFrames());
            assertEquals(0, tally.drops(3, DropReason.PORT_DOWN));
            assertEquals(0, tally.drops(3, DropReason.DHCP_INVALID));
            worker.proxy().inject(3, new byte[60]);
            worker.doWork(2);
            assertEquals(1, tally.traffic(3).dropFrames());
            assertEquals(1, tally.drops(3, DropReason.PORT_DOWN));
            assertEquals(1, tally.traffic(worker.proxy(), 3).dropFrames());
        } finally {
            worker.close();
        }
    }
}
