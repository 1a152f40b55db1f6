package org.jtorch.models.images;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How a camera was held, as the EXIF of a JPEG says: a number from 1 to 8.
 *
 * @param transposed whether the rows of the file are the columns of what was seen
 * @param fromBelow whether the last row of the file is the first row or column of what was seen
 * @param fromRight whether the last pixel of a row of the file is the first one of what was seen
 */
record Orientation(boolean transposed, boolean fromBelow, boolean fromRight) {

    private static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int TAG = 0x0112;
    private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};

    /** Reads the orientation of a file: upright if it is no JPEG, or if it says nothing that can be understood. */
    static Orientation of(byte[] file) {
        try {
            return inJpeg(file);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            return UPRIGHT; // a damaged EXIF says nothing
        }
    }

    /** Goes through the segments of a JPEG up to its pixels. */
    private static Orientation inJpeg(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        if (in.getShort() != (short) 0xffd8) {
            return UPRIGHT;
        }
        while (true) {
            int marker = in.getShort() & 0xffff;
            if (marker < 0xff00 || marker == 0xffda) {
                return UPRIGHT;
            }
            int end = in.position() + (in.getShort(in.position()) & 0xffff);
            int start = in.position() + 2;
            if (marker == 0xffe1 && Arrays.equals(file, start, start + EXIF.length, EXIF, 0, EXIF.length)) {
                return inExif(in.slice(start + EXIF.length, end - start - EXIF.length));
            }
            in.position(end);
        }
    }

    /** Finds the number among the first entries of EXIF, which has the form of a TIFF. */
    private static Orientation inExif(ByteBuffer in) {
        in.order(in.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int entries = in.getInt(4);
        int count = in.getShort(entries) & 0xffff;
        for (int i = 0; i < count; i++) {
            int entry = entries + 2 + 12 * i;
            if ((in.getShort(entry) & 0xffff) == TAG) {
                return of(in.getShort(entry + 8));
            }
        }
        return UPRIGHT;
    }

    private static Orientation of(int number) {
        return switch (number) {
            case 2 -> new Orientation(false, false, true);
            case 3 -> new Orientation(false, true, true);
            case 4 -> new Orientation(false, true, false);
            case 5 -> new Orientation(true, false, false);
            case 6 -> new Orientation(true, true, false);
            case 7 -> new Orientation(true, true, true);
            case 8 -> new Orientation(true, false, true);
            default -> UPRIGHT;
        };
    }

    /** Returns what was seen. */
    RgbImage upright(RgbImage image) {
        if (equals(UPRIGHT)) {
            return image;
        }
        int height = transposed ? image.width() : image.height();
        int width = transposed ? image.height() : image.width();
        byte[] values = new byte[image.planes().length];
        for (int c = 0, at = 0; c < RgbImage.CHANNELS; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++, at++) {
                    int row = transposed ? x : y;
                    int column = transposed ? y : x;
                    int fromY = fromBelow ? image.height() - 1 - row : row;
                    int fromX = fromRight ? image.width() - 1 - column : column;
                    values[at] = image.planes()[(c * image.height() + fromY) * image.width() + fromX];
                }
            }
        }
        return new RgbImage(values, height, width);
    }
}
