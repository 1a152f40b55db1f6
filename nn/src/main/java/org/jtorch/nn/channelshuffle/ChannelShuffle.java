package org.jtorch.nn.channelshuffle;

import org.jtorch.Tensor;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * Interleaves the channels of groups: {@code (N, C, *)} to the same shape. Channel {@code g C/groups + i} becomes
 * {@code i groups + g}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html">torch.nn.ChannelShuffle</a>
 * @see <a href="https://arxiv.org/abs/1707.01083">ShuffleNet, Zhang et al. 2017</a>
 */
public class ChannelShuffle extends Layer {

    private long groups;

    /** Creates a layer for the given number of groups. */
    public ChannelShuffle(long groups) {
        this.groups = groups;
    }

    /** Returns the number of groups. */
    public final long groups() {
        return groups;
    }

    /** Sets {@link #groups()}. */
    public final void groups(long newGroups) {
        groups = newGroups;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.channelShuffle(x, groups);
    }

    @Override
    protected String extraRepr() {
        return "groups=" + groups;
    }
}
