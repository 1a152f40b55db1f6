package org.jtorch.spark;

import java.io.Serializable;
import java.util.Iterator;
import org.jtorch.distributed.ProcessGroup;
import org.jtorch.nn.state.StateDict;

/**
 * Trains one rank's copy of a model on one rank's rows. Spark sends it to the executors. Therefore it creates models and tensors itself,
 * and what it captures must be {@link Serializable}.
 *
 * @param <T> the type of a row
 */
@FunctionalInterface
public interface Trainer<T> extends Serializable {

    /**
     * Trains.
     *
     * @param group connects the ranks; it is closed afterwards
     * @param rows the rows of this rank, which can be read once; all ranks have the same number
     * @return the state of the trained model; only that of rank 0 is used
     * @throws Exception if training fails, which ends all ranks
     */
    StateDict train(ProcessGroup group, Iterator<T> rows) throws Exception;
}
