package org.jtorch.internal.guards;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/** Checks the parameters of recurrent layers. The engine passes them to kernels that do not check their shapes. */
public final class Recurrent {

    private Recurrent() {}

    /**
     * Refuses parameters of an LSTM that do not fit together.
     *
     * @param input (…, size)
     * @param state the first hidden states, (layers * directions, N, size), and the first cell states
     * @param params the parameters in the engine's order
     * @throws IllegalArgumentException if one has another shape, or their number is wrong
     */
    public static void checkLstm(
            Tensor input,
            TensorVector state,
            TensorVector params,
            boolean hasBiases,
            long numLayers,
            boolean bidirectional) {
        if (state.size() != 2) {
            throw new IllegalArgumentException("an LSTM needs two states, hidden and cell, not " + state.size());
        }
        try (Tensor hidden = state.get(0);
                Tensor cell = state.get(1)) {
            check(4, input, hidden, cell, params, hasBiases, numLayers, bidirectional);
        }
    }

    /**
     * Refuses parameters of another recurrent network that do not fit together.
     *
     * @param gates the number of gates in the rows of a weight: 3 for a GRU, 1 for an Elman network
     * @param input (…, size)
     * @param hidden the first hidden states, (layers * directions, N, size)
     * @param params the parameters in the engine's order
     * @throws IllegalArgumentException if one has another shape, or their number is wrong
     */
    public static void check(
            int gates,
            Tensor input,
            Tensor hidden,
            TensorVector params,
            boolean hasBiases,
            long numLayers,
            boolean bidirectional) {
        check(gates, input, hidden, null, params, hasBiases, numLayers, bidirectional);
    }

    /**
     * Refuses parameters of one step that do not fit together.
     *
     * @param gates the number of gates in the rows of a weight: 4 for an LSTM, 3 for a GRU, 1 for an Elman network
     * @param input (N, size)
     * @param hidden the hidden state, (N, hidden size)
     * @param cell the cell state, in the shape of the hidden state, or null
     * @throws IllegalArgumentException if one has another shape
     */
    public static void checkCell(
            int gates,
            Tensor input,
            Tensor hidden,
            @Nullable Tensor cell,
            Tensor weightIh,
            Tensor weightHh,
            @Nullable Tensor biasIh,
            @Nullable Tensor biasHh) {
        if (input.dim() != 2 || hidden.dim() != 2) {
            throw new IllegalArgumentException(
                    "a step needs an input and a state with 2 dimensions, not " + input.dim() + " and " + hidden.dim());
        }
        long size = hidden.size(1);
        // PyTorch's words for what its own check finds
        if (weightIh.dim() == 2 && input.size(1) != weightIh.size(1)) {
            throw new IllegalArgumentException(
                    "input has inconsistent input_size: got " + input.size(1) + " expected " + weightIh.size(1));
        }
        if (input.size(0) != hidden.size(0)) {
            throw new IllegalArgumentException(
                    "Input batch size " + input.size(0) + " doesn't match hidden0 batch size " + hidden.size(0));
        }
        if (weightHh.dim() == 2 && size != weightHh.size(1)) {
            throw new IllegalArgumentException(
                    "hidden0 has inconsistent hidden_size: got " + size + ", expected " + weightHh.size(1));
        }
        if (cell != null) {
            expect("cx", cell, input.size(0), size);
        }
        expect("weight_ih", weightIh, gates * size, input.size(1));
        expect("weight_hh", weightHh, gates * size, size);
        if (biasIh != null) {
            expect("bias_ih", biasIh, gates * size);
        }
        if (biasHh != null) {
            expect("bias_hh", biasHh, gates * size);
        }
    }

    /** Checks a step of an LSTM, as {@link #checkCell(int, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor)}. */
    public static void checkLstmCell(
            Tensor input,
            TensorVector state,
            Tensor weightIh,
            Tensor weightHh,
            @Nullable Tensor biasIh,
            @Nullable Tensor biasHh) {
        if (state.size() != 2) {
            throw new IllegalArgumentException("an LSTM needs two states, hidden and cell, not " + state.size());
        }
        try (Tensor hidden = state.get(0);
                Tensor cell = state.get(1)) {
            checkCell(4, input, hidden, cell, weightIh, weightHh, biasIh, biasHh);
        }
    }

    private static void check(
            int gates,
            Tensor input,
            Tensor hidden,
            @Nullable Tensor cell,
            TensorVector params,
            boolean hasBiases,
            long numLayers,
            boolean bidirectional) {
        if (input.dim() < 1) {
            throw new IllegalArgumentException("the input has no dimensions");
        }
        long inputSize = input.size(input.dim() - 1);
        if (hidden.dim() < 1) {
            throw new IllegalArgumentException("the hidden state has no dimensions");
        }
        long outputSize = hidden.size(hidden.dim() - 1);
        long hiddenSize = cell == null || cell.dim() < 1 ? outputSize : cell.size(cell.dim() - 1);
        boolean projected = outputSize != hiddenSize;
        int perCell = 2 + (hasBiases ? 2 : 0) + (projected ? 1 : 0);
        int directions = bidirectional ? 2 : 1;
        if (numLayers < 1
                || numLayers > Integer.MAX_VALUE
                || params.size() != (long) perCell * directions * numLayers) {
            throw new IllegalArgumentException("there are " + params.size() + " parameters, but " + numLayers
                    + " layers in " + directions + " directions need " + perCell + " each");
        }
        long rows = gates * hiddenSize;
        int at = 0;
        for (int layer = 0; layer < numLayers; layer++) {
            long columns = layer == 0 ? inputSize : outputSize * directions;
            for (int direction = 0; direction < directions; direction++) {
                expect("weight_ih", layer, params, at++, rows, columns);
                expect("weight_hh", layer, params, at++, rows, outputSize);
                if (hasBiases) {
                    expect("bias_ih", layer, params, at++, rows);
                    expect("bias_hh", layer, params, at++, rows);
                }
                if (projected) {
                    expect("weight_hr", layer, params, at++, outputSize, hiddenSize);
                }
            }
        }
    }

    private static void expect(String name, int layer, TensorVector params, int at, long... expected) {
        try (Tensor actual = params.get(at)) {
            expect(name + "_l" + layer, actual, expected);
        }
    }

    private static void expect(String name, Tensor actual, long... expected) {
        boolean fits = actual.dim() == expected.length;
        for (int i = 0; fits && i < expected.length; i++) {
            fits = actual.size(i) == expected[i];
        }
        if (!fits) {
            long[] shape = new long[(int) actual.dim()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = actual.size(i);
            }
            throw new IllegalArgumentException(
                    name + " has the shape " + Arrays.toString(shape) + ", but must have " + Arrays.toString(expected));
        }
    }
}
