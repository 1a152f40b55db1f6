package org.jtorch.models.efficientnet;

import java.util.List;
import org.jtorch.models.vision.Channels;

/** The blocks of the known variants: table 1 of the first paper, and table 4 of the second one. */
final class Settings {

    private static final List<List<Integer>> B0 = List.of(
            List.of(1, 3, 1, 32, 16, 1),
            List.of(6, 3, 2, 16, 24, 2),
            List.of(6, 5, 2, 24, 40, 2),
            List.of(6, 3, 2, 40, 80, 3),
            List.of(6, 5, 1, 80, 112, 3),
            List.of(6, 5, 2, 112, 192, 4),
            List.of(6, 3, 1, 192, 320, 1));

    static final List<List<?>> V2_S = List.of(
            List.of("FusedMBConv", 1, 3, 1, 24, 24, 2),
            List.of("FusedMBConv", 4, 3, 2, 24, 48, 4),
            List.of("FusedMBConv", 4, 3, 2, 48, 64, 4),
            List.of("MBConv", 4, 3, 2, 64, 128, 6),
            List.of("MBConv", 6, 3, 1, 128, 160, 9),
            List.of("MBConv", 6, 3, 2, 160, 256, 15));

    static final List<List<?>> V2_M = List.of(
            List.of("FusedMBConv", 1, 3, 1, 24, 24, 3),
            List.of("FusedMBConv", 4, 3, 2, 24, 48, 5),
            List.of("FusedMBConv", 4, 3, 2, 48, 80, 5),
            List.of("MBConv", 4, 3, 2, 80, 160, 7),
            List.of("MBConv", 6, 3, 1, 160, 176, 14),
            List.of("MBConv", 6, 3, 2, 176, 304, 18),
            List.of("MBConv", 6, 3, 1, 304, 512, 5));

    static final List<List<?>> V2_L = List.of(
            List.of("FusedMBConv", 1, 3, 1, 32, 32, 4),
            List.of("FusedMBConv", 4, 3, 2, 32, 64, 7),
            List.of("FusedMBConv", 4, 3, 2, 64, 96, 7),
            List.of("MBConv", 4, 3, 2, 96, 192, 10),
            List.of("MBConv", 6, 3, 1, 192, 224, 19),
            List.of("MBConv", 6, 3, 2, 224, 384, 25),
            List.of("MBConv", 6, 3, 1, 384, 640, 7));

    private Settings() {}

    /** Returns the blocks of B0 with more channels and more blocks. */
    static List<List<?>> scaled(double width, double depth) {
        return B0.stream()
                .<List<?>>map(row -> List.of(
                        "MBConv",
                        row.get(0),
                        row.get(1),
                        row.get(2),
                        (int) Channels.divisible(row.get(3) * width, 8),
                        (int) Channels.divisible(row.get(4) * width, 8),
                        (int) Math.ceil(row.get(5) * depth)))
                .toList();
    }
}
