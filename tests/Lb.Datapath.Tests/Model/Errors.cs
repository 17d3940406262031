using Lb.Datapath.Tests.Packets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>ICMP and ICMPv6: pings to a VIP, errors about flows.</summary>
internal sealed class Errors(World world, Tally tally, Forwarding forwarding, Replies replies, FullNat full)
{
    /// <summary>A message to a VIP.</summary>
    public Outcome ToVip(Frame frame)
    {
        if (frame.L4Length < IcmpHeader.Length)
        {
            tally.Count(Verdict.DropMalformed, frame.Bytes.Length);
            return new Outcome(XdpAction.Drop, frame.Bytes);
        }

        byte type = frame.Bytes[frame.L4];
        if (type == (frame.V6 ? IcmpType.EchoRequest6 : IcmpType.EchoRequest4))
        {
            tally.Count(Verdict.Echo, frame.Bytes.Length);
            return new Outcome(XdpAction.Transmit, Echo.Answer(frame));
        }

        if (!IsError(frame))
        {
            tally.Count(Verdict.PassNoService, frame.Bytes.Length);
            return new Outcome(XdpAction.Pass, frame.Bytes);
        }

        Quote quote = new(frame);
        if (quote.IsUsable && quote.Source.Equals(frame.Destination))
        {
            Endpoint vip = new(quote.Source, quote.SourcePort, quote.Protocol);
            if (world.TryGetService(vip, out ServiceEntry? service))
            {
                Flow flow = new(
                    quote.Destination, quote.DestinationPort, quote.Source, quote.SourcePort, quote.Protocol);
                return full.Error(frame, service, flow) ?? forwarding.Error(frame, service, flow);
            }
        }

        tally.Count(Verdict.DropIcmpUnknown, frame.Bytes.Length);
        return new Outcome(XdpAction.Drop, frame.Bytes);
    }

    /// <summary>A backend's error about a client's packet, with full-nat a router's too; null for anything else.</summary>
    public Outcome? FromBackend(Frame frame)
    {
        bool whole = frame.LengthsHold && (frame.V6 || frame.HeaderWords == 5) && !frame.IsFragment;
        if (!whole || frame.Protocol != (frame.V6 ? 58 : 1) || frame.L4Length < IcmpHeader.Length || !IsError(frame))
        {
            return null;
        }

        Quote quote = new(frame);
        if (quote.IsUsable && quote.Source.Equals(frame.Destination) && full.ReplyError(frame, quote) is { } sent)
        {
            return sent;
        }

        if (!quote.IsUsable || !quote.Destination.Equals(frame.Source) || !quote.Source.Equals(frame.Destination))
        {
            return null;
        }

        Endpoint backend = new(quote.Destination, quote.DestinationPort, quote.Protocol);
        return replies.Entry(frame, backend) is { } nat
            ? replies.Send(frame, nat, () => Translation.ErrorToClient(frame, nat))
            : null;
    }

    private static bool IsError(Frame frame) => frame.V6
        ? frame.Bytes[frame.L4] is >= IcmpType.Unreachable6 and <= IcmpType.ParameterProblem6
        : frame.Bytes[frame.L4] is IcmpType.Unreachable4 or IcmpType.TimeExceeded4 or IcmpType.ParameterProblem4;
}
