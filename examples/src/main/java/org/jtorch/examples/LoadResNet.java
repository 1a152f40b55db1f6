package org.jtorch.examples;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.Checkpoint;

/**
 * Loads a checkpoint of torchvision's {@code resnet18} and classifies an image with it. Python writes the checkpoint:
 *
 * <pre>
 * torch.save(torchvision.models.resnet18(weights="DEFAULT").state_dict(), "resnet18.pt")
 * </pre>
 */
public final class LoadResNet {

    private static final int SIZE = 224;

    private LoadResNet() {}

    /**
     * Prints the five most probable classes by number.
     *
     * @param args the checkpoint and an image
     */
    public static void main(String[] args) throws IOException {
        ResNet18 model = load(Path.of(args[0]));
        BufferedImage image = ImageIO.read(Path.of(args[1]).toFile());
        if (image == null) {
            throw new IOException(args[1] + " is not an image that this JDK can read: give a PNG or JPEG file");
        }
        var best = model.infer(prepared(image)).softmax(-1).topk(5);
        for (int i = 0; i < 5; i++) {
            System.out.printf(
                    "class %4d  %.4f%n",
                    best.indices().select(1, i).itemLong(),
                    best.values().select(1, i).item());
        }
    }

    /** Returns the model of the checkpoint, with as many classes as its last layer has. */
    static ResNet18 load(Path checkpoint) {
        StateDict state = Checkpoint.load(checkpoint).stateDict();
        Tensor last = state.get("fc.weight");
        if (last == null) {
            throw new IllegalArgumentException(checkpoint + " is not a checkpoint of resnet18: it has no fc.weight");
        }
        ResNet18 model = new ResNet18(last.size(0));
        model.loadStateDict(state);
        return model;
    }

    /** Returns the image in the form that torchvision's models expect: its middle part, normalized, (1, 3, 224, 224). */
    static Tensor prepared(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        float[] pixels = new float[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = image.getRGB(x, y);
                for (int c = 0; c < 3; c++) {
                    pixels[(c * height + y) * width + x] = (rgb >> (16 - 8 * c) & 0xff) / 255f;
                }
            }
        }
        double scale = 256.0 / Math.min(width, height);
        long[] size = {Math.round(height * scale), Math.round(width * scale)};
        Tensor scaled =
                F.interpolate(Torch.tensor(pixels, 1, 3, height, width), size, null, "bilinear", false, null, true);
        Tensor middle = scaled.narrow(2, (size[0] - SIZE) / 2, SIZE).narrow(3, (size[1] - SIZE) / 2, SIZE);
        Tensor mean = Torch.tensor(new float[] {0.485f, 0.456f, 0.406f}, 3, 1, 1);
        Tensor std = Torch.tensor(new float[] {0.229f, 0.224f, 0.225f}, 3, 1, 1);
        return middle.sub(mean).div(std);
    }
}
