package org.jtorch.nn.utils;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Module;
import org.jtorch.nn.Recording;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDictException;

/** Compares results with the recordings of these scripts, entry by entry. */
public final class Replay {

    private final Map<String, String> recorded;

    public Replay(String file) {
        recorded = Recording.read(file);
    }

    private String text(String key) {
        String text = recorded.get(key);
        if (text == null) {
            throw new IllegalArgumentException("no entry '" + key + "'");
        }
        return text;
    }

    public void value(String key, Tensor actual) {
        Recording.assertClose(text(key), actual);
    }

    /** Returns the tensor of an entry. */
    public Tensor tensor(String key) {
        String text = text(key);
        int end = text.indexOf(']') + 1;
        long[] shape = Stream.of(text.substring(1, end - 1).split(", "))
                .mapToLong(Long::parseLong)
                .toArray();
        double[] values = Stream.of(text.substring(end).strip().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return Torch.tensor(values).to(DType.FLOAT32).reshape(shape);
    }

    public void text(String key, Object actual) {
        assertEquals(text(key), String.valueOf(actual), key);
    }

    public void keys(String key, Module<?, ?> module) {
        assertEquals(text(key), String.join("\n", module.stateDict().keySet()), key);
    }

    /**
     * Checks that the messages are equal, except for jtorch's help after PyTorch's message. The names of the exceptions differ
     * between Python and Java.
     */
    public void fails(String key, Class<? extends RuntimeException> type, Runnable action) {
        String expected = text(key);
        RuntimeException e = assertThrows(type, action::run, key);
        String message = e instanceof StateDictException ours ? ours.text() : e.getMessage();
        assertEquals(expected.substring(expected.indexOf(": ") + 2), message, key);
    }

    /** Returns the same as {@code grid} of the scripts. */
    public static Tensor grid(long... shape) {
        long n = 1;
        for (long s : shape) {
            n *= s;
        }
        Tensor i = Torch.arange(1, n + 1, 1).to(DType.FLOAT32);
        return i.sin().add(i.div(2 * n)).reshape(shape);
    }

    /** Returns the same as {@code linear} of the scripts. */
    public static Linear linear() {
        Linear linear = new Linear(3, 3);
        try (GradMode mode = Autograd.noGrad()) {
            linear.weight.copy_(grid(3, 3));
            linear.bias.copy_(grid(3));
        }
        return linear;
    }
}
