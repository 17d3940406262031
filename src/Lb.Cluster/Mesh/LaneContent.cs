using System.Net;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Mesh;

/// <summary>
/// The body of a request that lasts as long as the connection: frames as they come. What waits is written together and
/// flushed at once; nothing is written before both ends know the version that they speak.
/// </summary>
internal sealed class LaneContent(MeshContext context, FrameQueue queue, CancellationToken stop) : HttpContent
{
    private const int BatchLength = 16 * 1024;

    private readonly TaskCompletionSource<int> _version = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The version is known: messages go from now on.</summary>
    public void Start(int version) => _version.TrySetResult(version);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? transport) =>
        SerializeToStreamAsync(stream, transport, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? transport, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);

        // The request's headers wait for a first flush.
        await stream.FlushAsync(both.Token);
        var version = await _version.Task.WaitAsync(both.Token);
        var batch = new byte[BatchLength];
        while (true)
        {
            var filled = 0;
            var any = false;
            while (queue.TryTake(out var frame))
            {
                try
                {
                    if (!IsSpoken(frame, version))
                    {
                        continue;
                    }

                    any = true;
                    if (filled + frame.Length > BatchLength)
                    {
                        await stream.WriteAsync(batch.AsMemory(0, filled), both.Token);
                        filled = 0;
                    }

                    if (frame.Length > BatchLength)
                    {
                        await stream.WriteAsync(frame.Bytes, both.Token);
                    }
                    else
                    {
                        frame.Bytes.CopyTo(batch.AsMemory(filled));
                        filled += frame.Length;
                    }

                    context.Counters.Add(MeshCount.SentMessages);
                    context.Counters.Add(MeshCount.SentBytes, frame.Length);
                }
                finally
                {
                    frame.Return();
                }
            }

            if (any)
            {
                await stream.WriteAsync(batch.AsMemory(0, filled), both.Token);
                await stream.FlushAsync(both.Token);
            }

            await queue.WaitAsync(both.Token);
        }
    }

    private bool IsSpoken(Frame frame, int version)
    {
        if (MessageHeader.TryRead(frame.Message, out var header)
            && context.Options.Kinds.Find(header.Kind) is { } kind && kind.Since > version)
        {
            context.Counters.Add(MeshCount.DroppedTooNew);
            return false;
        }

        return true;
    }
}
