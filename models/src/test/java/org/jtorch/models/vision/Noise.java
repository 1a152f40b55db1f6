package org.jtorch.models.vision;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;

/** The weights that {@code parity/record/vision_families.py} computes from the keys, so that no file has to contain them. */
final class Noise {

    private Noise() {}

    /** Returns numbers in [-1, 1) that depend on a name and a position. */
    static double[] of(String name, int count) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        double[] noise = new double[count];
        for (int i = 0; i < count; i++) {
            long x = (i * 2654435761L + crc.getValue()) & 0xFFFFFFFFL;
            for (int round = 0; round < 2; round++) {
                x = ((x ^ (x >> 16)) * 0x45D9F3BL) & 0xFFFFFFFFL;
            }
            noise[i] = (double) (x ^ (x >> 16)) / (1L << 31) - 1;
        }
        return noise;
    }

    /** Sets parameters and running statistics, but not counts and tables. */
    static void fill(Module<?, ?> model) {
        model.stateDict().forEach((key, value) -> {
            if (value.isFloatingPoint() && !key.endsWith("_table") || key.endsWith("bias_table")) {
                value.copy_(weights(key, value));
            }
        });
    }

    private static Tensor weights(String key, Tensor like) {
        double[] values = of(key, Math.toIntExact(like.numel()));
        long fan = like.dim() > 1 ? like.numel() / like.size(0) : 1;
        double factor = fan > 1 ? Math.sqrt(6.0 / fan) : isFactor(key) ? 0.3 : 0.2;
        double middle = fan > 1 || !isFactor(key) ? 0 : 1;
        float[] weights = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            weights[i] = (float) (middle + factor * values[i]);
        }
        return Torch.tensor(weights).view(like.shape());
    }

    private static boolean isFactor(String key) {
        return key.endsWith("weight") || key.endsWith("var") || key.endsWith("scale");
    }

    /** Returns the norm, a product with noise, and the first elements. */
    static Tensor digest(String key, Tensor x) {
        Tensor wide = x.detach().to(DType.FLOAT64).flatten();
        Tensor noise = Torch.tensor(of("digest." + key, Math.toIntExact(x.numel())));
        return Torch.cat(java.util.List.of(
                wide.norm().unsqueeze(0),
                wide.mul(noise).sum().unsqueeze(0),
                wide.narrow(0, 0, Math.min(6, wide.numel()))));
    }
}
