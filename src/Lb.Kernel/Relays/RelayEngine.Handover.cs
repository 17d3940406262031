using System.Net;
using Lb.Kernel.Handover;
using Lb.Kernel.Interop;
using Lb.Kernel.Relays;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel;

/// <summary>
/// The handing over of listeners and connections to the process that takes this one's place. Descriptors go over a Unix
/// socket; nothing on the wire changes, so neither clients nor backends notice.
/// </summary>
public sealed partial class RelayEngine
{
    private readonly HashSet<RelayService> _services = [];
    private readonly Dictionary<Endpoint, RelayService> _inherited = [];
    private readonly Lock _taking = new();
    private Action? _take;
    private volatile bool _holding;

    /// <summary>
    /// Says how to get what another process has. It is done when the first service is listened for, which is when this
    /// process has a table for it; until then the other one relays.
    /// </summary>
    public void Expect(Action take) => _take = take;

    /// <summary>Relays that end from now on keep all they have, for <see cref="HandoverOffer.Give"/>.</summary>
    public void Hold() => _holding = true;

    /// <summary>
    /// Resets connections that were taken over for services that there are no longer, and closes their listeners: to be
    /// called once it is known which services there are.
    /// </summary>
    /// <param name="relayed">Services that are listened for, or will be.</param>
    public void DropUnclaimed(IReadOnlySet<Endpoint> relayed)
    {
        TakeOver();
        RelayService[] unclaimed;
        lock (_lock)
        {
            unclaimed = [.. _inherited.Values.Where(service => !relayed.Contains(service.Vip))];
            foreach (RelayService service in unclaimed)
            {
                _inherited.Remove(service.Vip);
            }
        }

        foreach (RelayService service in unclaimed)
        {
            Log.RelayUnclaimed(logger, service.Vip, service.Counter.Open);
            Post(loop => loop.Drop(service));
            _ = LibC.Close(service.Listener);
            service.Datagrams?.Drop();
        }
    }

    internal bool IsHolding => _holding;

    internal void Forget(RelayService service)
    {
        listeners?.Remove(service.Vip, service.Datagrams?.First ?? service.Listener);
        lock (_lock)
        {
            _services.Remove(service);
        }
    }

    internal void Give(HandoverSocket successor, bool datagrams)
    {
        RelayLoop[] loops;
        RelayService[] services;
        lock (_lock)
        {
            _disposed = true;
            loops = _loops;
            services = [.. _services];
        }

        RelayConnection[] connections = [.. loops.SelectMany(loop => loop.Leave())];
        foreach (RelayService service in services.Where(service => service.Datagrams is null))
        {
            successor.Send(
                new ListenerPart(service.Vip.ToString(), service.Route.Settings.IdleTimeout.TotalMilliseconds),
                default,
                service.Listener);
        }

        List<SockmapMemory> maps = GiveMaps(successor, connections);
        int given = 0;
        foreach (RelayConnection connection in connections.Where(connection => services.Contains(connection.Service)))
        {
            given += GiveOne(successor, connection, maps) ? 1 : 0;
        }

        (int ports, int flows) = datagrams ? GiveDatagrams(successor, loops) : (0, 0);
        int left = connections.Length - given;
        given += flows;
        successor.Send(new EndPart(services.Count(service => service.Datagrams is null) + ports, given, left));
    }

    internal HandoverReport Take(HandoverSocket predecessor)
    {
        StartLoops();
        int connections = 0;
        while (true)
        {
            (HandoverPart part, byte[] bytes, int[] descriptors) = predecessor.Receive();
            switch (part)
            {
                case ListenerPart listener when descriptors.Length == 1:
                    Inherit(listener, descriptors[0]);
                    break;
                case ConnectionPart connection when descriptors.Length == 2:
                    Adopt(connection, bytes, descriptors);
                    connections++;
                    break;
                case WaitingPart waiting when descriptors.Length == 1:
                    _inherited[EndpointOf(waiting.Service)].Waiting.Add(
                        (descriptors[0], AddressOf(waiting.Peer), bytes));
                    connections++;
                    break;
                case SocketMapPart map when descriptors.Length == 2:
                    KeepMap(map, descriptors);
                    break;
                case DatagramPart port when descriptors.Length == 1:
                    InheritDatagrams(port, descriptors[0]);
                    break;
                case FlowPart flow when descriptors.Length == 1:
                    _taken!.Flows.Add(new TakenFlow(flow, descriptors[0]));
                    connections++;
                    break;
                case EndPart end when end.Listeners == _inherited.Count && end.Connections == connections:
                    return new HandoverReport(end.Listeners, end.Connections, end.Left);
                default:
                    throw new KernelException(
                        $"The other lbd has sent an unexpected {part.GetType().Name}.",
                        "Both must be of this project, and not too far apart in version.");
            }
        }
    }

    private static bool GiveOne(HandoverSocket successor, RelayConnection connection, List<SockmapMemory> maps)
    {
        if (ResetsUnwritten(connection))
        {
            return false;
        }

        SocketAddress peer = connection.Greeting?.Peer ?? connection.Peer;
        string from = new IPEndPoint(new IPAddress(peer.Address), peer.Port).ToString();
        string service = connection.Service.Vip.ToString();
        if (!connection.Connected)
        {
            successor.Send(
                new WaitingPart(service, from), connection.Greeting is { } greeting ? greeting.Read : default, connection.Client.Socket);
            return true;
        }

        ReadOnlySpan<byte> forBackend = connection.Backend.Held;
        ReadOnlySpan<byte> forClient = connection.Client.Held;
        successor.Send(
            new ConnectionPart(
                service,
                from,
                connection.Target!.Socket.ToString(),
                PartOf(connection.Client, forClient.Length),
                PartOf(connection.Backend, forBackend.Length),
                Environment.TickCount64 - connection.Began,
                connection.ToBackend,
                connection.ToClient,
                NumberOf(connection, maps)),
            [.. forBackend, .. forClient],
            connection.Client.Socket,
            connection.Backend.Socket);
        return true;
    }

    private static Endpoint EndpointOf(string text)
    {
        string[] parts = text.Split(' ');
        IPEndPoint socket = IPEndPoint.Parse(parts[1]);
        return new Endpoint(
            socket.Address, (ushort)socket.Port, parts[0] == "tcp" ? TransportProtocol.Tcp : TransportProtocol.Udp);
    }

    private static SocketAddress AddressOf(string text)
    {
        IPEndPoint socket = IPEndPoint.Parse(text);
        return new SocketAddress(socket.Address, (ushort)socket.Port);
    }

    private void Inherit(ListenerPart listener, int descriptor)
    {
        Endpoint vip = EndpointOf(listener.Service);
        RelaySettings settings = RelaySettings.Default with
        {
            IdleTimeout = TimeSpan.FromMilliseconds(listener.IdleMilliseconds),
        };
        _inherited.Add(vip, new RelayService(this, vip, descriptor, settings, RelayTable.Empty));
    }

    private void Adopt(ConnectionPart part, byte[] bytes, int[] descriptors)
    {
        RelayService service = _inherited[EndpointOf(part.Service)];
        RelayConnection connection = new(service, AddressOf(part.Peer))
        {
            Target = service.Backend(EndpointOf(part.Backend)),
            Connected = true,
        };
        connection.Continue(Environment.TickCount64 - part.Age, part.ToBackend, part.ToClient);
        Restore(connection.Client, part.Client, descriptors[0], bytes.AsSpan(part.Server.Waiting));
        Restore(connection.Backend, part.Server, descriptors[1], bytes.AsSpan(0, part.Server.Waiting));
        Restore(connection, part);
        _loops[Random.Shared.Next(_loops.Length)].Post(loop => loop.Adopt(connection));
    }

    private static void Restore(RelaySide side, SidePart part, int descriptor, ReadOnlySpan<byte> held)
    {
        side.Socket = descriptor;
        side.ReadEnded = part.ReadEnded;
        side.WriteEnded = part.WriteEnded;
        side.Hold(held);
    }

    private void TakeOver()
    {
        lock (_taking)
        {
            Action? take = _take;
            _take = null;
            take?.Invoke();
        }
    }

    /// <summary>What was taken over for a service; null for nothing.</summary>
    private RelayService? Claim(Endpoint vip)
    {
        lock (_lock)
        {
            return _inherited.Remove(vip, out RelayService? service) ? service : null;
        }
    }

    private void Keep(RelayService service)
    {
        lock (_lock)
        {
            _services.Add(service);
        }
    }
}
