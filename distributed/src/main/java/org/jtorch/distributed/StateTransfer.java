package org.jtorch.distributed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * Sends what an optimizer keeps to another process. The first message has everything but the elements of the larger tensors, and is
 * therefore small. The elements follow, a message for each tensor.
 */
final class StateTransfer {

    private StateTransfer() {}

    /** Sends a value that a checkpoint can hold. */
    static void send(ProcessGroup group, Object value, int destination) {
        List<Tensor> apart = new ArrayList<>();
        byte[] outline = ObjectBytes.write(replaced(value, tensor -> {
            apart.add(tensor);
            // has the shape and the dtype, but only one element in memory
            return Torch.zeros(new long[0], TensorOptions.of(tensor.dtype())).expand(tensor.shape());
        }));
        group.send(Torch.tensor(new long[] {outline.length}), destination);
        group.send(ObjectBytes.tensor(outline), destination);
        apart.forEach(tensor -> group.send(tensor, destination));
    }

    /** Receives what {@link #send} sends. */
    static @Nullable Object receive(ProcessGroup group, int source) {
        Tensor length = Torch.tensor(new long[1]);
        group.recv(length, source);
        Tensor outline = Torch.empty(new long[] {length.itemLong()}, DType.UINT8);
        group.recv(outline, source);
        return replaced(ObjectBytes.read(outline), like -> {
            Tensor tensor = Torch.empty(like.shape(), TensorOptions.of(like.dtype()));
            group.recv(tensor, source);
            return tensor;
        });
    }

    /** Returns a copy of a tree of maps and lists in which each tensor with more than one element is replaced, in order. */
    private static @Nullable Object replaced(@Nullable Object value, UnaryOperator<Tensor> replacement) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> copy.put(key, replaced(each, replacement)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(each -> copy.add(replaced(each, replacement)));
            return copy;
        }
        return value instanceof Tensor tensor && tensor.layout() == Layout.STRIDED && tensor.numel() > 1
                ? replacement.apply(tensor)
                : value;
    }
}
