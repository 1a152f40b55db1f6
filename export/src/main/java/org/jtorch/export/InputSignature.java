package org.jtorch.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.export.internal.run.Interpreter;

/**
 * What a program that was recorded for one input may rely on: how the arguments are nested, the dtype, the sizes and the device of
 * each tensor, and all other values. Strides are not part of it, since operators accept all of them.
 *
 * @param args the arguments by position, with a {@link TensorKey} in place of each tensor
 * @param kwargs the arguments by name
 */
record InputSignature(List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {

    /** What is known of a tensor. */
    record TensorKey(DType dtype, List<Long> sizes, Device device) {
        @Override
        public String toString() {
            return dtype + sizes.toString() + (device.equals(Device.CPU) ? "" : " on " + device);
        }
    }

    /** Returns the signature of arguments that are tensors, lists, maps and plain values. */
    static InputSignature of(Interpreter.Given given) {
        List<@Nullable Object> args = new ArrayList<>();
        given.args().forEach(each -> args.add(key(each)));
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        given.kwargs().forEach((name, each) -> kwargs.put(name, key(each)));
        return new InputSignature(args, kwargs);
    }

    private static @Nullable Object key(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            List<Long> sizes = new ArrayList<>();
            for (long size : tensor.shape()) {
                sizes.add(size);
            }
            return new TensorKey(tensor.dtype(), sizes, tensor.device());
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>();
            list.forEach(each -> all.add(key(each)));
            return all;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> all = new LinkedHashMap<>();
            map.forEach((name, each) -> all.put(name, key(each)));
            return all;
        }
        return value;
    }

    /** Returns the arguments as in a call, such as {@code (torch.float32[2, 8], mask=torch.bool[2, 8])}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        args.forEach(each -> parts.add(String.valueOf(each)));
        kwargs.forEach((name, each) -> parts.add(name + "=" + each));
        return "(" + String.join(", ", parts) + ")";
    }
}
