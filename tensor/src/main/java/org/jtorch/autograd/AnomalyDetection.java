package org.jtorch.autograd;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jtorch.internal.engine.Anomalies;

/** The detection of anomalies in backward passes, until {@link #close}. Created by {@link Autograd#detectAnomaly()}. */
public final class AnomalyDetection implements AutoCloseable {

    private final boolean checkNan;
    private final AtomicBoolean closed = new AtomicBoolean();

    AnomalyDetection(boolean checkNan) {
        this.checkNan = checkNan;
        Anomalies.enter(checkNan);
    }

    /** Ends the detection. May be called on any thread; closing twice has no effect. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Anomalies.exit(checkNan);
        }
    }
}
