using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Cluster.Certificates;
using Lb.Cluster.Membership;
using Lb.Cluster.Mesh;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>A transport with what it received and reported.</summary>
internal sealed class MeshNode : IAsyncDisposable
{
    public MeshNode(MeshOptions options, CredentialSource credentials)
    {
        Options = options;
        Transport = new MeshTransport(options, credentials, TimeProvider.System, Reports.Enqueue);
    }

    public MeshOptions Options { get; }

    public string Address => Options.Address;

    public MeshTransport Transport { get; }

    public ConcurrentQueue<byte[]> Received { get; } = [];

    public ConcurrentQueue<MeshReport> Reports { get; } = [];

    public static async Task<MeshNode> StartAsync(
        TestSite site, string host = "127.0.0.1", CredentialSource? credentials = null,
        Func<MeshOptions, MeshOptions>? change = null)
    {
        var options = PatientAt(host);
        var node = new MeshNode(change?.Invoke(options) ?? options, credentials ?? site.Credentials(host));
        await node.Transport.StartAsync(message => node.Received.Enqueue(message.ToArray()));
        return node;
    }

    /// <summary>
    /// Options that lose no connection, and with it what waits for it, because the machine has much else to do: most tests
    /// send a message once.
    /// </summary>
    public static MeshOptions PatientAt(string host) => new()
    {
        Address = FreeAddress(host),
        ConnectTimeout = TimeSpan.FromSeconds(20),
        KeepAliveTimeout = TimeSpan.FromSeconds(30),
    };

    public static string FreeAddress(string host)
    {
        var address = IPAddress.Parse(host);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket.LocalEndPoint!.ToString()!;
    }

    /// <summary>A message of this node.</summary>
    public byte[] Message(string text, byte kind = MessageKinds.Heartbeat, string? from = null)
    {
        var header = new byte[MessageHeader.Longest];
        var length = MessageHeader.Write(kind, new NodeId(from ?? Address, 1), header);
        return [.. header.AsSpan(0, length), .. Encoding.UTF8.GetBytes(text)];
    }

    public void Send(MeshNode to, string text, byte kind = MessageKinds.Heartbeat, string? from = null) =>
        Transport.Send(to.Address, Message(text, kind, from));

    public bool Has(string text) => Received.Any(message => BodyOf(message) == text);

    public bool Reported<T>(Func<T, bool>? which = null)
        where T : MeshReport =>
        Reports.OfType<T>().Any(which ?? (_ => true));

    public string ReportText() => string.Join('\n', Reports);

    public ValueTask DisposeAsync() => Transport.DisposeAsync();

    private static string BodyOf(byte[] message) =>
        MessageHeader.TryRead(message, out var header) ? Encoding.UTF8.GetString(header.Body) : "";
}
