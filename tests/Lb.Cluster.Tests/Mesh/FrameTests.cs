using Lb.Cluster.Mesh;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>Frames, the queue that they wait in, and pauses between attempts.</summary>
public sealed class FrameTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void Frames_come_out_as_they_went_in_however_the_stream_is_cut(int most)
    {
        var random = new Random(1);
        var messages = Enumerable.Range(0, 300)
            .Select(i => Bytes(random, i % 10 == 0 ? 0 : random.Next(i % 50 == 1 ? 9000 : 300))).ToList();
        byte[] stream = [.. messages.SelectMany(message => Frame.Of(message).Bytes.ToArray())];
        var reader = new FrameReader(9000);
        List<byte[]> received = [];
        for (var at = 0; at < stream.Length;)
        {
            var length = Math.Min(most == int.MaxValue ? stream.Length : random.Next(1, most + 1), stream.Length - at);
            reader.Feed(stream.AsSpan(at, length), message => received.Add(message.ToArray()));
            at += length;
        }

        Assert.Equal(messages, received);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 11 })]
    [InlineData(new byte[] { 0x80, 0, 0, 0 })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 1, 2, 3 })]
    public void A_frame_above_the_limit_is_an_error_before_room_is_made_for_it(byte[] head)
    {
        Assert.Throws<FrameTooLongException>(() => new FrameReader(10).Feed(head, static _ => Assert.Fail("there is no message")));
        var bytewise = new FrameReader(10);
        Assert.Throws<FrameTooLongException>(() =>
        {
            foreach (var one in head)
            {
                bytewise.Feed([one], static _ => Assert.Fail("there is no message"));
            }

            bytewise.Feed([0], static _ => Assert.Fail("there is no message"));
        });
    }

    [Fact]
    public void A_full_queue_drops_the_oldest_messages_and_says_how_many()
    {
        var queue = new FrameQueue(mostFrames: 3, mostBytes: 1000);
        Assert.Equal([0, 0, 0, 1, 1], Enumerable.Range(1, 5).Select(i => queue.Add([(byte)i])));
        Assert.Equal([3, 4, 5], Take(queue).Select(message => message[0]));
    }

    [Fact]
    public void A_queue_holds_no_more_bytes_than_it_may()
    {
        var queue = new FrameQueue(mostFrames: 1000, mostBytes: 100);
        Assert.Equal(0, queue.Add(new byte[40]));
        Assert.Equal(0, queue.Add(new byte[40]));
        Assert.Equal(1, queue.Add(new byte[40]));
        Assert.Equal(2, queue.Add(new byte[90]));
        Assert.Equal(1, queue.Count);
        Assert.Equal(1, queue.Clear());
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task Whoever_waits_for_a_message_is_told_of_it()
    {
        var queue = new FrameQueue(10, 1000);
        var waiting = queue.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        queue.Add([1]);
        await waiting;
        Assert.True(queue.TryTake(out var frame));
        Assert.Equal([1], frame.Message.ToArray());
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_and_differ()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), new Random(1));
        var pauses = Enumerable.Range(0, 10).Select(_ => backoff.Next().TotalMilliseconds).ToList();
        double[] full = [100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000, 2000];
        Assert.All(pauses.Zip(full, (Pause, Full) => (Pause, Full)), one => Assert.InRange(one.Pause, one.Full / 2, one.Full));
        Assert.Equal(10, pauses.Distinct().Count());
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 50, 100);
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static List<byte[]> Take(FrameQueue queue)
    {
        List<byte[]> taken = [];
        while (queue.TryTake(out var frame))
        {
            taken.Add(frame.Message.ToArray());
            frame.Return();
        }

        return taken;
    }
}
