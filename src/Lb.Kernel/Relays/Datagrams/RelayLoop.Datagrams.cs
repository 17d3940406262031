using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The loop's part in UDP: datagrams of clients come by one socket a service, answers by one a flow.</summary>
internal sealed unsafe partial class RelayLoop
{
    private const ulong DatagramMark = 1ul << 62;
    private const ulong FlowMark = 1ul << 61;
    private const int MostDatagrams = 64;
    private const int MostAnswers = 16;

    /// <summary>Above the largest payload of UDP.</summary>
    private const int DatagramSize = 64 * 1024;

    private readonly List<DatagramPort?> _ports = [];
    private readonly byte[] _datagram = GC.AllocateUninitializedArray<byte>(HeaderRoom + DatagramSize, pinned: true);

    /// <summary>What it has of UDP services.</summary>
    public IEnumerable<DatagramPort> Ports => _ports.OfType<DatagramPort>();

    /// <summary>Where a datagram is while it passes; the array does not move.</summary>
    private byte* Datagram => (byte*)Unsafe.AsPointer(ref _datagram[0]);

    private void WatchDatagrams(RelayService service)
    {
        // One for each loop; a process before this one may have had more loops.
        int share = Math.Max(1, (service.Datagrams!.Left + Most - 1) / Most);
        for (int i = 0; i < share && service.Datagrams.TryTake(out TakenDatagrams? taken); i++)
        {
            WatchDatagrams(service, taken);
        }
    }

    private void WatchDatagrams(RelayService service, TakenDatagrams taken)
    {
        int at = _ports.IndexOf(null);
        if (at < 0)
        {
            at = _ports.Count;
            _ports.Add(null);
        }

        DatagramPort port = new(service, taken.Socket, at);
        _ports[at] = port;
        taken.Flows.ForEach(flow => GoOn(port, flow));
        Control(LibC.EpollAdd, taken.Socket, EpollEvents.In, DatagramMark | (uint)at);
    }

    private void EndDatagrams(RelayService service)
    {
        foreach (DatagramPort port in PortsOf(service))
        {
            CloseFlows(port, _ => RelayEnd.Ended);
            port.CountMissed();
            _ports[port.Index] = null;
            _ = LibC.Close(port.Socket);
        }
    }

    /// <summary>Ends the flows that a service has to some backends: what their clients send next begins new ones.</summary>
    private void CutDatagrams(RelayService service, ImmutableDictionary<Endpoint, RelayEnd> backends)
    {
        foreach (DatagramPort port in PortsOf(service))
        {
            CloseFlows(port, flow =>
                flow.Target is { } target && backends.TryGetValue(target.Socket, out RelayEnd end) ? end : null);
        }
    }

    private DatagramPort[] PortsOf(RelayService service) =>
        [.. Ports.Where(port => ReferenceEquals(port.Service, service))];

    private void CloseFlows(DatagramPort port, Func<DatagramFlow, RelayEnd?> matches)
    {
        foreach (DatagramFlow flow in port.Flows)
        {
            if (matches(flow) is { } end)
            {
                CloseFlow(flow, end);
            }
        }
    }

    private void HandleDatagrams(ulong data)
    {
        int at = (int)(uint)data;
        if ((data & FlowMark) == 0)
        {
            if (_ports[at] is { } port)
            {
                TakeFromClients(port);
            }
        }
        else if (_flows[at] is { Closed: false } flow)
        {
            TakeFromBackend(flow);
        }
    }

    /// <summary>All flows of the socket in the order that they came in: nothing overtakes a flow's first datagram.</summary>
    private void TakeFromClients(DatagramPort port)
    {
        for (int i = 0; i < MostDatagrams; i++)
        {
            SocketAddress peer = default;
            uint size = (uint)sizeof(SocketAddress);
            byte* datagram = Datagram + HeaderRoom;
            nint length = LibC.ReceiveFrom(port.Socket, datagram, DatagramSize, 0, &peer, &size);
            if (length < 0)
            {
                return; // There are no more, or an error that is no datagram's.
            }

            GreetingPlan? plan = port.Service.Route.Plan;
            if (!TakeHeader(port, plan, peer, ref datagram, ref length, out ProxyHeader header))
            {
                continue;
            }

            SocketAddress client = header.HasAddresses ? header.Source : peer;
            DatagramFlow? flow = port.Find(client, peer, header.HasAddresses);
            bool begins = flow is null;
            flow ??= BeginFlow(port, client, peer, header.HasAddresses);
            if (flow is null)
            {
                continue;
            }

            if (plan?.Proxy.Send == ProxySend.V2)
            {
                PutHeader(flow, plan, header, ref datagram, ref length);
            }

            if (begins)
            {
                flow.Keep(new ReadOnlySpan<byte>(datagram, (int)length));
            }
            else
            {
                flow.Forget();
            }

            SendToBackend(flow, datagram, length);
        }
    }

    private void SendToBackend(DatagramFlow flow, byte* datagram, nint length)
    {
        RelayService service = flow.Port.Service;
        flow.Since = _now;
        while (LibC.Send(flow.Socket, datagram, (nuint)length, LibC.NoSignal) < 0)
        {
            if (!SaysUnreachable(RelaySockets.Last()))
            {
                service.Datagrams!.AddLost();
                return;
            }

            if (!OnTargetFailed(flow))
            {
                return;
            }
        }

        service.Datagrams!.AddToBackend();
        service.Counter.AddBytesToBackend(length);
        flow.Target!.Counter.AddBytesToBackend(length);
    }

    private void TakeFromBackend(DatagramFlow flow)
    {
        RelayService service = flow.Port.Service;
        for (int i = 0; i < MostAnswers; i++)
        {
            nint length = LibC.Receive(flow.Socket, Datagram, DatagramSize, 0);
            if (length < 0)
            {
                if (SaysUnreachable(RelaySockets.Last()) && OnTargetFailed(flow))
                {
                    SendFirst(flow);
                }

                return;
            }

            flow.Answered();
            flow.Since = _now;
            SocketAddress peer = flow.Peer;
            if (LibC.SendTo(flow.Port.Socket, Datagram, (nuint)length, LibC.NoSignal, &peer, peer.Size) < 0)
            {
                service.Datagrams!.AddLost();
                continue;
            }

            service.Datagrams!.AddToClient();
            service.Counter.AddBytesToClient(length);
            flow.Target!.Counter.AddBytesToClient(length);
        }
    }

    private void SendFirst(DatagramFlow flow)
    {
        if (flow.First is { IsEmpty: false } first)
        {
            fixed (byte* start = first)
            {
                SendToBackend(flow, start, first.Length);
            }
        }
    }

    /// <summary>An ICMP error came back for a datagram before, or there is no route.</summary>
    private static bool SaysUnreachable(Errno errno) =>
        errno is Errno.ECONNREFUSED or Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.ENETDOWN;
}
