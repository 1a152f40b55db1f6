package org.jtorch.kotlin.guide

import org.jtorch.Tensor
import org.jtorch.Torch
import org.jtorch.kotlin.*
import org.jtorch.nn.functional.F
import org.jtorch.nn.Module
import org.jtorch.nn.linear.Linear
import org.jtorch.optim.AdamW
import org.jtorch.nn.conv.Conv2d
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path

/** The code of docs/kotlin.md, run. */
class GuideTest {

    class Net : Module<Tensor, Tensor>() {
        val hidden = Linear(1, 32)
        val output = Linear(32, 1) { it.bias(false) }

        override fun forward(x: Tensor): Tensor = output(hidden(x).tanh())
    }

    @Test
    fun aModelLearns() {
        Torch.manualSeed(0)
        val x = Torch.linspace(-3, 3, 256)[all, null]
        val y = x.sin()
        val net = Net()
        val optimizer = AdamW(net.parameters()) { it.lr(0.01) }
        repeat(400) {
            scope {
                optimizer.zeroGrad()
                F.mseLoss(net(x), y).backward()
                optimizer.step()
            }
        }
        val error = noGrad { F.mseLoss(net(x), y).item() }
        assertTrue(error < 0.01, "the error is $error")
        assertEquals(listOf("hidden.weight", "hidden.bias", "output.weight"), net.stateDict().keys.toList())
    }

    @Test
    fun brackets() {
        val x = Torch.arange(12).view(3, 4).float32()
        val first = x[0]
        val column = x[all, -1]
        val middle = x[0..1, 1..<3]
        val even = x[rest, 0..3 step 2]
        val large = x[x.gt(5)]
        val batch = x[null]
        x[all, 0] = 0
        x[x.lt(0)] = 1
        val sizes = listOf(first, column, middle, even, large, batch).map { it.size().toString() }
        assertEquals(listOf("[4]", "[3]", "[2, 2]", "[3, 2]", "[6]", "[1, 3, 4]"), sizes)
        assertEquals(1 + 2 + 3 + 5 + 6 + 7 + 9 + 10 + 11L, x.sum().item().toLong())
    }

    @Test
    fun scopes() {
        val net = Net()
        val x = Torch.ones(2)
        val y = Torch.ones(2, 1)
        val loss = scope {
            val hidden = (x * 2 + 1).relu()
            hidden.mean()
        }
        val plain = noGrad { net(y) }
        assertEquals(3.0, loss.item())
        assertTrue(!plain.requiresGrad())
    }

    @Test
    fun namedArguments() {
        fun conv(inChannels: Long, outChannels: Long, kernelSize: Long, stride: Long = 1, padding: Long = 0, bias: Boolean = true) =
            Conv2d(inChannels, outChannels, kernelSize) { it.stride(stride).padding(padding).bias(bias) }

        val stem = conv(3, 64, kernelSize = 7, stride = 2, padding = 3, bias = false)
        assertEquals("[1, 64, 8, 8]", stem(Torch.randn(1, 3, 16, 16)).size().toString())
    }

    /** Each block of the guide stands in this file, but for how far it is indented. */
    @Test
    fun theGuideIsThisCode() {
        fun plain(text: String) = text.lines().joinToString("\n") { it.trim() }
        val here = plain(Files.readString(Path.of("src/test/kotlin/org/jtorch/kotlin/GuideTest.kt")))
        val blocks = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
            .findAll(Files.readString(Path.of("../docs/kotlin.md")))
            .map { plain(it.groupValues[1]) }
            .toList()
        assertEquals(6, blocks.size)
        blocks.forEach { assertTrue(here.contains(it), "this is not in GuideTest:\n$it") }
    }
}
