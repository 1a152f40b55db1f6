package org.jtorch.models;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/**
 * 1,797 real handwritten digits, 8x8 pixels each.
 *
 * @param images (1797, 64) float32, pixels from 0 (white) to 1, row by row
 * @param labels (1797) int64, 0 to 9
 * @see <a href="https://archive.ics.uci.edu/dataset/80">UCI: Optical Recognition of Handwritten Digits (CC BY 4.0)</a>
 */
public record Digits(Tensor images, Tensor labels) {

    /** The number of images. */
    public static final int COUNT = 1797;

    /** The number of pixels of an image. */
    public static final int PIXELS = 64;

    /** Reads the images, which are part of this library. */
    public static Digits load() {
        float[] pixels = new float[COUNT * PIXELS];
        long[] labels = new long[COUNT];
        try (InputStream in = Digits.class.getResourceAsStream("digits.csv.gz")) {
            if (in == null) {
                throw new IllegalStateException("digits.csv.gz is missing from the jtorch-models jar");
            }
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII))) {
                for (int row = 0; row < COUNT; row++) {
                    String line = reader.readLine();
                    String[] cells = line == null ? new String[0] : line.split(",", -1);
                    if (cells.length != PIXELS + 1) {
                        throw new IllegalStateException(
                                "digits.csv.gz, row " + row + " has " + cells.length + " cells, not 65");
                    }
                    for (int i = 0; i < PIXELS; i++) {
                        pixels[row * PIXELS + i] = Float.parseFloat(cells[i]) / 16;
                    }
                    labels[row] = Long.parseLong(cells[PIXELS].strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("digits.csv.gz cannot be read", e);
        }
        return new Digits(
                Torch.tensor(pixels).view(COUNT, PIXELS).unscoped(),
                Torch.tensor(labels).unscoped());
    }
}
