using System.Net;
using System.Net.Sockets;
using Lb.Actors;

namespace Lb.SharingBench;

/// <summary>The other nodes of a bench, by UDP on loopback; all are up.</summary>
internal sealed class Mates : IClusterMates, IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly int _number;
    private VoteHeard? _heard;

    public Mates(int number, int nodes)
    {
        _number = number;
        _socket.ReceiveBufferSize = 4 << 20;
        _socket.Bind(IPEndPoint.Parse(AddressOf(number)));
        Cluster = new VoteCluster(
            [.. Enumerable.Range(1, nodes).Select(n => new VoteMember(AddressOf(n), IsReachable: true, IsLost: false))], 1, IsIn: true);
        _ = Task.Run(ReceiveAsync);
    }

    public string Self => AddressOf(_number);

    public VoteCluster Cluster { get; }

    /// <summary>Bytes sent.</summary>
    public long Sent { get; private set; }

    public void Listen(VoteHeard heard) => Volatile.Write(ref _heard, heard);

    public void Send(string to, ReadOnlyMemory<byte> message)
    {
        Sent += message.Length;
        try
        {
            _socket.SendTo(message.Span, IPEndPoint.Parse(to));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // As good as lost.
        }
    }

    public void Dispose() => _socket.Dispose();

    private static string AddressOf(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"127.0.0.{number}:9121");

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[ushort.MaxValue];
        EndPoint any = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                SocketReceiveFromResult got = await _socket.ReceiveFromAsync(buffer, any);
                Volatile.Read(ref _heard)?.Invoke($"{got.RemoteEndPoint}", 1, buffer.AsSpan(0, got.ReceivedBytes).ToArray());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }
}
