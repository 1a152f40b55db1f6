package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.api.Test;

class TensorTreeTest {

    record Node(
            @Nullable Tensor tensor, int number, @Nullable Object more) {}

    /** Its constructor refuses scalars. */
    record Picky(Tensor tensor) {
        Picky {
            if (tensor.dim() == 0) {
                throw new IllegalArgumentException("no scalars");
            }
        }
    }

    private static List<Double> values(Object tree) {
        List<Double> values = new ArrayList<>();
        TensorTree.forEach(tree, tensor -> values.add(tensor.sum().item()));
        return values;
    }

    @Test
    void mapsInTheOrderOfForEach() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", Torch.tensor(4.0));
        map.put("none", null);
        map.put("a", new Tensor[] {Torch.tensor(5.0), null});
        Node tree = new Node(
                Torch.tensor(1.0),
                7,
                Arrays.asList(
                        Torch.tensor(2.0),
                        null,
                        "text",
                        Path.of("a", "b"),
                        Set.of(Torch.tensor(3.0)),
                        map,
                        Optional.of(Torch.tensor(6.0)),
                        Optional.empty()));
        assertEquals(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), values(tree));
        Node mapped = TensorTree.map(tree, tensor -> tensor.mul(10));
        assertEquals(List.of(10.0, 20.0, 30.0, 40.0, 50.0, 60.0), values(mapped));
        assertEquals(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), values(tree));
        assertEquals(7, mapped.number());
        List<?> more = (List<?>) mapped.more();
        assertEquals("text", more.get(2));
        assertTrue(more.get(1) == null && more.size() == 8);
        assertEquals(List.of("z", "none", "a"), new ArrayList<>(((Map<?, ?>) more.get(5)).keySet()));
    }

    @Test
    void whatDoesNotChangeStaysTheObject() {
        Node inner = new Node(null, 1, "text");
        List<Object> list = List.of(inner, Torch.ones(1));
        assertSame(list, TensorTree.map(list, tensor -> tensor));
        assertSame(inner, TensorTree.map(list, tensor -> tensor.mul(2)).get(0));
        Tensor[] array = {Torch.ones(1)};
        assertEquals(
                Tensor[].class, TensorTree.map(array, tensor -> tensor.mul(2)).getClass());
    }

    @Test
    void saysWhatCannotBeMadeAnew() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> TensorTree.map(new Picky(Torch.ones(1)), Tensor::sum));
        assertTrue(e.getMessage().contains("Picky") && e.getMessage().contains("no scalars"), e.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> TensorTree.map(new ArrayDeque<>(List.of(Torch.ones(1))), tensor -> tensor.mul(2)));
    }
}
