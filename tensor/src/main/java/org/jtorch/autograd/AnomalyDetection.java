package org.jtorch.autograd;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jtorch.internal.engine.Anomalies;

/** The search for anomalies in backwards, until {@link #close}. Made by {@link Autograd#detectAnomaly()}. */
public final class AnomalyDetection implements AutoCloseable {

    private final boolean checkNan;
    private final AtomicBoolean closed = new AtomicBoolean();

    AnomalyDetection(boolean checkNan) {
        this.checkNan = checkNan;
        Anomalies.enter(checkNan);
    }

    /** Ends it, on any thread. Closing twice does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Anomalies.exit(checkNan);
        }
    }
}
