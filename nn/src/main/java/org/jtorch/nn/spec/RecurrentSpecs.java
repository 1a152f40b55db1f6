package org.jtorch.nn.spec;

import org.jtorch.nn.rnn.GRU;
import org.jtorch.nn.rnn.GRUCell;
import org.jtorch.nn.rnn.LSTM;
import org.jtorch.nn.rnn.LSTMCell;
import org.jtorch.nn.rnn.RNN;
import org.jtorch.nn.rnn.RNNCell;
import org.jtorch.nn.rnn.RNNOptions;

/** The constructors of {@code org.jtorch.nn.rnn}. */
final class RecurrentSpecs {

    private static final String SHARED = "bias=True, batch_first=False, dropout=0.0, bidirectional=False";
    private static final String PLACE = ", device=None, dtype=None)";

    private RecurrentSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "RNN(input_size, hidden_size, num_layers=1, nonlinearity='tanh', " + SHARED + PLACE,
                a -> new RNN(a.integer("input_size"), a.integer("hidden_size"), o -> shared(a, o)
                        .nonlinearity(a.string("nonlinearity"))));
        c.add(
                "GRU(input_size, hidden_size, num_layers=1, " + SHARED + PLACE,
                a -> new GRU(a.integer("input_size"), a.integer("hidden_size"), o -> shared(a, o)));
        c.add(
                "LSTM(input_size, hidden_size, num_layers=1, " + SHARED + ", proj_size=0" + PLACE,
                a -> new LSTM(a.integer("input_size"), a.integer("hidden_size"), o -> shared(a, o)
                        .projSize(a.integer("proj_size"))));
        c.add(
                "RNNCell(input_size, hidden_size, bias=True, nonlinearity='tanh'" + PLACE,
                a -> new RNNCell(a.integer("input_size"), a.integer("hidden_size"), o -> a.placed(o)
                        .bias(a.bool("bias"))
                        .nonlinearity(a.string("nonlinearity"))));
        c.add(
                "GRUCell(input_size, hidden_size, bias=True" + PLACE,
                a -> new GRUCell(a.integer("input_size"), a.integer("hidden_size"), o -> a.placed(o)
                        .bias(a.bool("bias"))));
        c.add(
                "LSTMCell(input_size, hidden_size, bias=True" + PLACE,
                a -> new LSTMCell(a.integer("input_size"), a.integer("hidden_size"), o -> a.placed(o)
                        .bias(a.bool("bias"))));
    }

    private static <O extends RNNOptions<O>> O shared(Arguments a, O o) {
        return a.placed(o)
                .numLayers(a.integer("num_layers"))
                .bias(a.bool("bias"))
                .batchFirst(a.bool("batch_first"))
                .dropout(a.real("dropout"))
                .bidirectional(a.bool("bidirectional"));
    }
}
