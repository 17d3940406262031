using System.Net.Sockets;
using System.Text;
using Lb.Cluster.Membership;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Mesh;

/// <summary>
/// Notices nodes that have no certificates: their datagrams are heard, not listened to, and answered by a word that they
/// are to have some, so that both sides say why they do not see each other.
/// </summary>
internal sealed class ClearTextWatch(MeshContext context) : IAsyncDisposable
{
    private const int Most = 64;

    private static readonly TimeSpan HeardFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);
    private UdpTransport? _socket;
    private long? _lastAnswer;

    /// <summary>Who was heard lately.</summary>
    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. _heard.Where(one => context.Time.GetElapsedTime(one.Value) < HeardFor)
                        .Select(one => one.Key).Order(StringComparer.Ordinal),
                ];
            }
        }
    }

    /// <summary>Listens, if the address can be had; it is no harm if not.</summary>
    public void Start()
    {
        // Clear text is taken from such addresses only, so nobody else has to be told of it.
        if (!UdpTransport.IsPrivate(context.Local.Address))
        {
            return;
        }

        try
        {
            _socket = new UdpTransport(context.Options.Address);
        }
        catch (SocketException)
        {
            return;
        }

        _ = _socket.StartAsync(Hear);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_socket is not null)
        {
            await _socket.DisposeAsync();
        }

        _end.Dispose();
    }

    private void Hear(ReadOnlySpan<byte> message)
    {
        if (!MessageHeader.TryRead(message, out var header) || header.Kind == MessageKinds.TlsOnly)
        {
            return;
        }

        var address = Encoding.UTF8.GetString(header.Sender);
        if (address == context.Options.Address || MeshNames.Parse(address) is not { } from
            || !UdpTransport.IsPrivate(from.Address))
        {
            return;
        }

        context.Counters.Add(MeshCount.ClearText);
        lock (_gate)
        {
            if (_heard.Count >= Most && !_heard.ContainsKey(address))
            {
                _heard.Clear();
            }

            _heard[address] = context.Time.GetTimestamp();
        }

        context.Reports.Tell(new MeshReport.ClearText(address));
        if (_lastAnswer is { } last && context.Time.GetElapsedTime(last) < AnswerInterval)
        {
            return;
        }

        _lastAnswer = context.Time.GetTimestamp();
        Span<byte> answer = stackalloc byte[MessageHeader.Longest];
        var length = MessageHeader.Write(MessageKinds.TlsOnly, new NodeId(context.Options.Address, 0), answer);
        _socket?.Send(address, answer[..length]);
    }
}
