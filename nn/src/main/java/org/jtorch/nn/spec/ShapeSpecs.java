package org.jtorch.nn.spec;

import org.jtorch.nn.channelshuffle.ChannelShuffle;
import org.jtorch.nn.distance.CosineSimilarity;
import org.jtorch.nn.distance.PairwiseDistance;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.flatten.Unflatten;
import org.jtorch.nn.fold.Fold;
import org.jtorch.nn.fold.FoldOptions;
import org.jtorch.nn.fold.Unfold;
import org.jtorch.nn.pixelshuffle.PixelShuffle;
import org.jtorch.nn.pixelshuffle.PixelUnshuffle;
import org.jtorch.nn.upsampling.Upsample;
import org.jtorch.nn.upsampling.UpsamplingBilinear2d;
import org.jtorch.nn.upsampling.UpsamplingNearest2d;

/** The constructors of layers without parameters that move or compare elements. */
final class ShapeSpecs {

    private ShapeSpecs() {}

    static void enter(Catalog c) {
        c.add("ChannelShuffle(groups)", a -> new ChannelShuffle(a.integer("groups")));
        c.add("PixelShuffle(upscale_factor)", a -> new PixelShuffle(a.integer("upscale_factor")));
        c.add("PixelUnshuffle(downscale_factor)", a -> new PixelUnshuffle(a.integer("downscale_factor")));
        c.add(
                "CosineSimilarity(dim=1, eps=1e-08)",
                a -> new CosineSimilarity(o -> o.dim(a.integer("dim")).eps(a.real("eps"))));
        c.add(
                "PairwiseDistance(p=2.0, eps=1e-06, keepdim=False)",
                a -> new PairwiseDistance(
                        o -> o.p(a.real("p")).eps(a.real("eps")).keepdim(a.bool("keepdim"))));
        c.add(
                "Flatten(start_dim=1, end_dim=-1)",
                a -> new Flatten(o -> o.startDim(a.integer("start_dim")).endDim(a.integer("end_dim"))));
        c.add("Unflatten(dim, unflattened_size)", a -> {
            if (!a.isList("unflattened_size")) {
                throw new IllegalArgumentException(
                        "unflattened_size must be a tuple of ints, but is " + a.get("unflattened_size"));
            }
            return new Unflatten(a.integer("dim"), a.sizes("unflattened_size"));
        });
        c.add(
                "Fold(output_size, kernel_size, dilation=1, padding=0, stride=1)",
                a -> new Fold(a.sizes("output_size"), a.sizes("kernel_size"), o -> windows(a, o)));
        c.add(
                "Unfold(kernel_size, dilation=1, padding=0, stride=1)",
                a -> new Unfold(a.sizes("kernel_size"), o -> windows(a, o)));
        c.add(
                "Upsample(size=None, scale_factor=None, mode='nearest', align_corners=None,"
                        + " recompute_scale_factor=None)",
                a -> new Upsample(o -> extent(a, o)
                        .mode(a.string("mode"))
                        .alignCorners(a.boolOrNull("align_corners"))
                        .recomputeScaleFactor(a.boolOrNull("recompute_scale_factor"))));
        c.add("UpsamplingBilinear2d(size=None, scale_factor=None)", a -> new UpsamplingBilinear2d(o -> extent(a, o)));
        c.add("UpsamplingNearest2d(size=None, scale_factor=None)", a -> new UpsamplingNearest2d(o -> extent(a, o)));
    }

    private static void windows(Arguments a, FoldOptions o) {
        o.dilation(a.sizes("dilation")).padding(a.sizes("padding")).stride(a.sizes("stride"));
    }

    private static Upsample.Options extent(Arguments a, Upsample.Options o) {
        long[] size = a.sizesOrNull("size");
        if (size != null) {
            o.size(size);
        }
        double[] scaleFactor = a.realsOrNull("scale_factor");
        return scaleFactor == null ? o : o.scaleFactor(scaleFactor);
    }
}
