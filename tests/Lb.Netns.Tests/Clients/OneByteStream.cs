using System.Net.Sockets;

namespace Lb.Netns.Tests.Clients;

/// <summary>A connection whose bytes are sent one by one, each in a segment of its own.</summary>
internal sealed class OneByteStream : NetworkStream
{
    public OneByteStream(Socket socket)
        : base(socket, ownsSocket: true)
    {
        socket.NoDelay = true;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (int i = 0; i < buffer.Length; i++)
        {
            Socket.Send(buffer.Slice(i, 1));
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
}
