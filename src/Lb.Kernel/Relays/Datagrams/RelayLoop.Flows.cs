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
    private DatagramFlow? BeginFlow(DatagramPort port, SocketAddress client)
    {
        RelayService service = port.Service;
        if (service.IsFull)
        {
            service.Datagrams!.AddFull();
            return null;
        }

        DatagramFlow flow = new(port, client) { Index = TakeFlowIndex(), Since = _now };
        if (!ConnectNext(flow))
        {
            _freeFlows.Push(flow.Index); // It was in no event yet.
            service.AddRefused();
            return null;
        }

        _flows[flow.Index] = flow;
        port.Flows.Add(FlowKey.Of(client), flow);
        _open++;
        service.Counter.AddOpen(1);
        service.Counter.AddConnection();
        return flow;
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

    private bool ConnectNext(DatagramFlow flow)
    {
        RelayService service = flow.Port.Service;
        SocketAddress? source = service.Route.Settings.Source == RelaySource.Client ? flow.Client : null;
        while (flow.NextTarget(_now) is { } target)
        {
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

            if (!SaysUnreachable(errno))
            {
                Complain(flow.Port, errno);
                return false;
            }

            target.Refused = _now;
            CountFailure(service, target);
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
        flow.Target!.Refused = _now;
        CountFailure(flow.Port.Service, flow.Target);
        LeaveTarget(flow);
        if (ConnectNext(flow))
        {
            return true;
        }

        flow.Port.Service.AddRefused();
        CloseFlow(flow);
        return false;
    }

    private static void LeaveTarget(DatagramFlow flow)
    {
        flow.Target?.Counter.AddOpen(-1);
        flow.Target = null;
        if (flow.Socket >= 0)
        {
            // Closing takes it out of epoll.
            _ = LibC.Close(flow.Socket);
            flow.Socket = -1;
        }
    }

    private void CloseFlow(DatagramFlow flow)
    {
        if (flow.Closed)
        {
            return;
        }

        flow.Closed = true;
        flow.Forget();
        LeaveTarget(flow);
        flow.Port.Flows.Remove(FlowKey.Of(flow.Client));
        flow.Port.Service.Counter.AddOpen(-1);
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
            if (flow is { Closed: false }
                && _now - flow.Since >= flow.Port.Service.Route.DatagramIdleMilliseconds)
            {
                flow.Port.Service.AddIdle();
                CloseFlow(flow);
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
