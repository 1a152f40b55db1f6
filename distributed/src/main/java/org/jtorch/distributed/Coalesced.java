package org.jtorch.distributed;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/** Broadcasts many tensors together: those of one dtype in parts of some size. */
final class Coalesced {

    private Coalesced() {}

    /** The size in bytes from which tensors are sent, so that not all of them are copied at the same time. */
    private static final long PART = 250L << 20;

    /** Copies the values of rank {@code source} to all processes. */
    static void broadcast(ProcessGroup group, List<? extends Tensor> tensors, int source) {
        Map<DType, List<Tensor>> byDtype = new EnumMap<>(DType.class);
        for (Tensor each : tensors) {
            List<Tensor> together = byDtype.computeIfAbsent(each.dtype(), dtype -> new ArrayList<>());
            together.add(each.detach());
            if (together.stream().mapToLong(Tensor::nbytes).sum() >= PART) {
                send(group, together, source);
                together.clear();
            }
        }
        byDtype.values().stream().filter(rest -> !rest.isEmpty()).forEach(rest -> send(group, rest, source));
    }

    private static void send(ProcessGroup group, List<Tensor> together, int source) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            Tensor flat = Torch.cat(
                    together.stream().map(each -> each.contiguous().view(-1)).toList());
            group.broadcast(flat, source);
            long offset = 0;
            for (Tensor each : together) {
                each.copy_(flat.narrow(0, offset, each.numel()).view(each.shape()));
                offset += each.numel();
            }
        }
    }
}
