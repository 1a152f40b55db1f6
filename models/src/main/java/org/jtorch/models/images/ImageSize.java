package org.jtorch.models.images;

/** The size to which an image is resized. */
sealed interface ImageSize {

    /**
     * A height and a width.
     *
     * @param height the number of rows
     * @param width the number of pixels of a row
     */
    record Exact(int height, int width) implements ImageSize {
        @Override
        public RgbImage resize(RgbImage image, Resampling filter) {
            return image.resize(height, width, filter);
        }
    }

    /**
     * The length of the shorter side; the longer one keeps its proportion to it, rounded down.
     *
     * @param length the number of pixels
     */
    record ShortestEdge(int length) implements ImageSize {
        @Override
        public RgbImage resize(RgbImage image, Resampling filter) {
            int height = image.height();
            int width = image.width();
            return width <= height
                    ? image.resize(longer(height, width), length, filter)
                    : image.resize(length, longer(width, height), filter);
        }

        private int longer(int longest, int shortest) {
            return (int) ((double) ((long) length * longest) / shortest);
        }
    }

    /**
     * What ConvNeXT does: below 384 pixels, the image becomes larger than needed and is cropped; from there on, it is squeezed.
     *
     * @param length the height and the width
     * @param cropPct the part of the shorter side that the crop keeps
     */
    record ConvNext(int length, double cropPct) implements ImageSize {
        @Override
        public RgbImage resize(RgbImage image, Resampling filter) {
            if (length >= 384) {
                return image.resize(length, length, filter);
            }
            RgbImage resized = new ShortestEdge((int) (length / cropPct)).resize(image, filter);
            return CenterCrop.ofTransformers(resized, length, length);
        }
    }

    /** Returns the image in this size. */
    RgbImage resize(RgbImage image, Resampling filter);
}
