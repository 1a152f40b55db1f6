package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;

/** ModuleList is a list whose elements are children. */
class ModuleListTest {

    private final Linear a = new Linear(1, 1);
    private final Linear b = new Linear(1, 1);
    private final Linear c = new Linear(1, 1);
    private final ModuleList<Linear> list = new ModuleList<>(a, b, c);

    private static List<String> keys(Module<?, ?> m) {
        return List.copyOf(m.stateDict().keySet());
    }

    private static final class Stack extends Module<Tensor, Tensor> {
        ModuleList<Linear> layers = new ModuleList<>(List.of(new Linear(2, 2), new Linear(2, 2)));

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = x;
            for (Linear layer : layers) {
                y = layer.call(y);
            }
            return y;
        }
    }

    @Test
    void elementsAreChildrenUnderTheirPositions() {
        assertEquals(
                List.of("layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"), keys(new Stack()));
        assertEquals(List.of(a, b, c), list.children());
        list.eval();
        assertFalse(b.isTraining());
    }

    @Test
    void aFailureWithinNamesThePath() {
        assertEquals(
                "layers.0",
                assertThrows(ModuleCallException.class, () -> new Stack().call(Torch.zeros(1, 3)))
                        .modulePath());
    }

    @Test
    void keysAreRenumbered() {
        assertSame(a, list.remove(0));
        assertEquals(List.of("0.weight", "0.bias", "1.weight", "1.bias"), keys(list));
        assertSame(b, list.get(0));
        list.add(1, a);
        assertEquals(List.of(b, a, c), list);
        assertSame(c, list.set(2, b));
        assertEquals(List.of(b, a), list.children(), "one that is there twice is visited once");
        assertEquals(6, list.stateDict().size());
    }

    @Test
    void itIsAListLikeAnyOther() {
        assertEquals(3, list.size());
        assertEquals(1, list.indexOf(b));
        assertEquals(2, list.lastIndexOf(c));
        assertTrue(list.contains(c) && list.containsAll(List.of(a, b)));
        assertEquals(List.of(a, b, c), new ArrayList<>(list));
        assertEquals(new ArrayList<>(List.of(a, b, c)), list);
        assertEquals(list, new ArrayList<>(List.of(a, b, c)));
        assertEquals(List.of(a, b, c).hashCode(), list.hashCode());
        assertNotEquals(list, List.of(a, b));
        assertEquals(List.of(a, b, c), list.stream().toList());
        assertEquals(3, list.toArray().length);
        assertSame(a, list.toArray(new Linear[0])[0]);
        Collections.reverse(list);
        assertEquals(List.of(c, b, a), list);
        list.subList(0, 2).clear();
        assertEquals(List.of(a), list);
        assertTrue(list.addAll(List.of(b, c)));
        assertTrue(list.addAll(0, List.of(c)));
        list.removeIf(m -> m == c);
        assertTrue(list.retainAll(List.of(a)) && list.remove(a) && list.isEmpty());
        assertFalse(list.removeAll(List.of(b)));
        assertFalse(list.listIterator().hasNext());
    }

    @Test
    void changingItWhileIteratingIsNoticed() {
        Iterator<Linear> iterator = list.iterator();
        iterator.next();
        iterator.remove();
        assertEquals(List.of(b, c), list);
        list.append(a);
        assertThrows(ConcurrentModificationException.class, iterator::next);
        assertEquals(2, list.listIterator(2).nextIndex());
    }

    @Test
    void nullAndPlacesThatAreNotThereAreRefused() {
        assertThrows(NullPointerException.class, () -> list.add(null));
        assertThrows(NullPointerException.class, () -> list.set(0, null));
        assertThrows(NullPointerException.class, () -> list.listIterator().add(null));
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(3));
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(-4));
        assertEquals(3, list.size());
        list.clear();
        assertEquals(List.of(), list.parameters());
    }

    @Test
    void registeringByNameAppends() {
        list.registerModule("3", a);
        assertSame(a, list.get(3));
        assertEquals(
                "the modules of a ModuleList are named by their position; the next is '4', not 'x'",
                assertThrows(IllegalArgumentException.class, () -> list.registerModule("x", b))
                        .getMessage());
    }

    @Test
    void elementsOfSeveralKinds() {
        ModuleList<Layer> layers = new ModuleList<Layer>().append(new ReLU()).extend(List.of(new Tanh(), a));
        Tensor x = Torch.ones(1, 1);
        for (Layer layer : layers) {
            x = layer.call(x);
        }
        assertEquals(3, layers.size());
        assertEquals(
                "ModuleList(\n  (0): ReLU()\n  (1): Tanh()\n"
                        + "  (2): Linear(in_features=1, out_features=1, bias=True)\n)",
                layers.toString());
    }
}
