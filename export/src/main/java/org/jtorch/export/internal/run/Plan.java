package org.jtorch.export.internal.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Node;

/**
 * A graph that is ready to run: operators are found, names are places in an array, and it is known after which step a tensor is
 * not needed any more. It does not change, so that any number of threads may run it.
 */
public final class Plan {

    private final int size;
    private final int inputs;
    private final Step[] steps;
    private final Node[] nodes;
    private final int[][] dead;
    private final List<Fetch> outputs;

    /**
     * Creates a plan.
     *
     * @param size the number of places
     * @param inputs the number of inputs, whose places are the first
     * @param dead for each step, the places whose tensors are not needed after it
     */
    Plan(int size, int inputs, List<Step> steps, List<Node> nodes, int[][] dead, List<Fetch> outputs) {
        this.size = size;
        this.inputs = inputs;
        this.steps = steps.toArray(Step[]::new);
        this.nodes = nodes.toArray(Node[]::new);
        this.dead = dead;
        this.outputs = outputs;
    }

    /** Returns whether a node or an output reads an input. */
    boolean reads(int input) {
        boolean[] read = {false};
        for (Step step : steps) {
            step.forEachRead(place -> read[0] |= place == input);
        }
        outputs.forEach(output -> output.forEachSlot(place -> read[0] |= place == input));
        return read[0];
    }

    /** Returns the number of inputs. */
    public int inputs() {
        return inputs;
    }

    /**
     * Runs the graph. Tensors that it makes are freed after their last use, unless operations are recorded; the outputs belong to
     * the current scope.
     *
     * @param values the inputs in order
     * @return the outputs in order
     * @throws ExportException if an operator fails; its message names the node, and where it is in the Python program
     */
    public List<@Nullable Object> run(List<? extends @Nullable Object> values) {
        if (values.size() != inputs) {
            throw new ExportException("the graph takes " + inputs + " inputs, but was given " + values.size());
        }
        @Nullable Object[] frame = new @Nullable Object[size];
        for (int i = 0; i < inputs; i++) {
            frame[i] = values.get(i);
        }
        boolean free = !OpRecorder.isActive();
        for (int i = 0; i < steps.length; i++) {
            try {
                steps[i].run(frame);
            } catch (ExportException e) {
                throw e;
            } catch (TorchException
                    | IllegalArgumentException
                    | IllegalStateException
                    | ArithmeticException
                    | IndexOutOfBoundsException
                    | ClassCastException
                    | NullPointerException e) {
                throw new ExportException(NodeText.failure(nodes[i], e), e);
            }
            if (free) {
                free(frame, dead[i]);
            }
        }
        List<@Nullable Object> results = new ArrayList<>(outputs.size());
        for (Fetch output : outputs) {
            results.add(output.get(frame));
        }
        return results;
    }

    private static void free(@Nullable Object[] frame, int[] places) {
        for (int place : places) {
            if (frame[place] instanceof Tensor tensor) {
                tensor.close();
            }
            frame[place] = null;
        }
    }
}
