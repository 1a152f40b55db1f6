package org.jtorch.export.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.junit.jupiter.api.Test;

/** The state of a module at the time of a call: what was replaced since the program was prepared is found. */
class StateTreeTest {

    private static StatePart holding(Tensor weight, Tensor mean) {
        StatePart part = new StatePart();
        part.registerParameter("weight", new Parameter(weight));
        part.registerBuffer("mean", mean, true);
        return part;
    }

    private final StateTree tree = new StateTree();

    private @Nullable Object[] read(StatePart root) {
        @Nullable Object[] values = new @Nullable Object[3];
        tree.read(root, values);
        return values;
    }

    @Test
    void whatWasReplacedIsRead() {
        tree.add("encoder.fc.weight", 2, true);
        tree.add("scale", 0, false);
        tree.add("encoder.fc.mean", 1, false);
        StatePart root = new StatePart();
        StatePart encoder = new StatePart();
        StatePart fc = holding(Torch.ones(2), Torch.ones(3));
        encoder.registerModule("fc", fc);
        root.registerModule("encoder", encoder);
        root.registerBuffer("scale", Torch.ones(1), true);
        assertSame(root.getBuffer("scale"), read(root)[0]);
        assertSame(fc.getBuffer("mean"), read(root)[1]);
        assertSame(fc.getParameter("weight"), read(root)[2]);

        Parameter other = new Parameter(Torch.zeros(2));
        fc.registerParameter("weight", other);
        assertSame(other, read(root)[2]);

        root.loadStateDict(
                Map.of(
                        "encoder.fc.weight", Torch.full(new long[] {2}, 5.0),
                        "encoder.fc.mean", Torch.full(new long[] {3}, 6.0),
                        "scale", Torch.full(new long[] {1}, 7.0)),
                true,
                true);
        assertEquals(7.0, ((Tensor) read(root)[0]).item());
        assertEquals(18.0, ((Tensor) read(root)[1]).sum().item());
        assertEquals(10.0, ((Tensor) read(root)[2]).sum().item());

        StatePart another = holding(Torch.zeros(2), Torch.zeros(3));
        encoder.registerModule("fc", another);
        assertSame(another.getBuffer("mean"), read(root)[1]);

        encoder.delete("fc");
        assertThrows(IllegalArgumentException.class, () -> read(root));
    }
}
