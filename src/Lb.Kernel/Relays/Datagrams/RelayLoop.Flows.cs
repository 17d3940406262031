using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The loop's part in the life of UDP flows.</summary>
internal sealed unsafe partial class RelayLoop
{
    private const long ComplaintMilliseconds = 1000;

    private readonly List<DatagramFlow?> _flows = [];
    private readonly Stack<int> _freeFlows = [];
    private readonly List<int> _justClosedFlows = [];

    /// <summary>Makes a flow for a client that has none; null when it cannot be, which is counted.</summary>
    private DatagramFlow? BeginFlow(DatagramPort port, SocketAddress client, SocketAddress peer, bool proxied)
    {
        RelayService service = port.Service;
        if (service.IsFull || !service.TryEnter())
        {
            Refuse(service, RelayEnd.Full);
            return null;
        }

        DatagramFlow flow = new(port, client, peer, proxied) { Index = TakeFlowIndex(), Since = _now, Began = _now };
        int most = service.Route.Settings.Limits.SourceConnections;
        flow.CountsForSource = most > 0 && service.Sources.TryTake(flow.Source, most);
        RelayEnd lack = RelayEnd.SourceLimit;
        if ((most > 0 && !flow.CountsForSource) || !ConnectNext(flow, out lack))
        {
            _freeFlows.Push(flow.Index); // It was in no event yet.
            LeaveSource(flow);
            service.Leave();
            Refuse(service, lack);
            return null;
        }

        Enter(flow);
        service.Counter.AddConnection();
        return flow;
    }

    /// <summary>Goes on with a flow of the process before this one.</summary>
    private void GoOn(DatagramPort port, TakenFlow taken)
    {
        RelayService service = port.Service;
        SocketAddress client = RelayEngine.ParseAddress(taken.Flow.Client);
        SocketAddress peer = taken.Flow.Proxy is { } proxy ? RelayEngine.ParseAddress(proxy) : client;
        DatagramFlow flow = new(port, client, peer, taken.Flow.Proxy is not null)
        {
            Index = TakeFlowIndex(),
            Since = Environment.TickCount64 - taken.Flow.Idle,
            Began = Environment.TickCount64 - taken.Flow.Age,
            Socket = taken.Socket,
            Target = service.Backend(RelayEngine.ParseEndpoint(taken.Flow.Backend)),
        };
        int most = service.Route.Settings.Limits.SourceConnections;
        flow.CountsForSource = most > 0 && service.Sources.TryTake(flow.Source, most);
        service.Load.Enter();
        flow.Target.Load.Enter();
        flow.Target.Counter.AddOpen(1);
        Enter(flow);
        Control(LibC.EpollAdd, flow.Socket, EpollEvents.In, DatagramMark | FlowMark | (uint)flow.Index);
    }

    private void Enter(DatagramFlow flow)
    {
        _flows[flow.Index] = flow;
        flow.Port.Add(flow);
        _open++;
        flow.Port.Service.Counter.AddOpen(1);
    }

    private int TakeFlowIndex()
    {
        if (_freeFlows.TryPop(out int index))
        {
            return index;
        }

        _flows.Add(null);
        return _flows.Count - 1;
    }

    /// <summary>What a client sent is dropped: no backend is to be had, or a limit is reached.</summary>
    private static void Refuse(RelayService service, RelayEnd lack)
    {
        if (lack is RelayEnd.Full or RelayEnd.SourceLimit)
        {
            service.Datagrams!.AddFull();
        }
        else
        {
            service.AddRefused();
        }

        service.AddEnd(lack);
    }

    private bool ConnectNext(DatagramFlow flow, out RelayEnd lack)
    {
        RelayService service = flow.Port.Service;
        bool asClient = service.Route.Settings.Source == RelaySource.Client;
        while (flow.NextTarget(_now, out lack) is { } target)
        {
            SocketAddress? source =
                asClient && (!flow.Proxied || flow.Client.CanReach(target.Address)) ? flow.Client : null;
            int socket = DatagramSockets.Connect(target.Address, source, service.Mark, out Errno errno);
            if (socket >= 0)
            {
                flow.Socket = socket;
                flow.Target = target;
                target.Counter.AddOpen(1);
                target.Counter.AddConnection();
                Control(LibC.EpollAdd, socket, EpollEvents.In, DatagramMark | FlowMark | (uint)flow.Index);
                return true;
            }

            target.Load.Leave();
            if (!SaysUnreachable(errno))
            {
                lack = RelayEnd.NoSocket;
                Complain(flow.Port, errno);
                return false;
            }

            CountRefusal(service, target);
        }

        return false;
    }

    /// <summary>Files or ports are used up; every datagram of a new client would say so.</summary>
    private void Complain(DatagramPort port, Errno errno)
    {
        if (_now - port.Complained >= ComplaintMilliseconds)
        {
            port.Complained = _now;
            Log.DatagramFlowFailed(_logger, port.Service.Vip, Failure.Name(errno));
        }
    }

    /// <summary>Gives the flow to another backend.</summary>
    /// <returns>Whether there was one; if not, the flow has ended.</returns>
    private bool OnTargetFailed(DatagramFlow flow)
    {
        CountRefusal(flow.Port.Service, flow.Target!);
        LeaveTarget(flow);
        if (ConnectNext(flow, out RelayEnd lack))
        {
            return true;
        }

        flow.Port.Service.AddRefused();
        CloseFlow(flow, lack);
        return false;
    }

    private void CountRefusal(RelayService service, RelayBackend target)
    {
        target.Refused = _now;
        service.Counter.AddFailure();
        target.Counter.AddFailure();
        service.Fail(target, RelayFailure.Refused);
    }

    private static void LeaveSource(DatagramFlow flow)
    {
        if (flow.CountsForSource)
        {
            flow.CountsForSource = false;
            flow.Port.Service.Sources.Leave(flow.Source);
        }
    }

    private static void LeaveTarget(DatagramFlow flow)
    {
        if (flow.Target is { } target)
        {
            flow.Target = null;
            target.Counter.AddOpen(-1);
            target.Load.Leave();
        }

        if (flow.Socket >= 0)
        {
            // Closing takes it out of epoll.
            _ = LibC.Close(flow.Socket);
            flow.Socket = -1;
        }
    }

    private void CloseFlow(DatagramFlow flow, RelayEnd end)
    {
        if (flow.Closed)
        {
            return;
        }

        flow.Closed = true;
        flow.Forget();
        LeaveTarget(flow);
        LeaveSource(flow);
        flow.Port.Service.AddEnd(end);
        flow.Port.Remove(flow);
        flow.Port.Service.Counter.AddOpen(-1);
        flow.Port.Service.Load.Leave();
        _open--;
        _justClosedFlows.Add(flow.Index);
    }

    /// <summary>Ends flows in which nothing was sent for too long, and counts what listeners missed.</summary>
    private void ExpireFlows()
    {
        foreach (DatagramPort? port in _ports)
        {
            port?.CountMissed();
        }

        foreach (DatagramFlow? flow in _flows)
        {
            if (flow is not { Closed: false })
            {
                continue;
            }

            RelayRoute route = flow.Port.Service.Route;
            if (_now - flow.Since >= route.DatagramIdleMilliseconds)
            {
                flow.Port.Service.AddIdle();
                CloseFlow(flow, RelayEnd.Idle);
            }
            else if (_now - flow.Began >= route.LifeMilliseconds)
            {
                CloseFlow(flow, RelayEnd.Life);
            }
        }
    }

    private void FreeClosedFlows()
    {
        foreach (int index in _justClosedFlows)
        {
            _flows[index] = null;
            _freeFlows.Push(index);
        }

        _justClosedFlows.Clear();
    }
}
