using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>
/// What <c>lb_xdp</c> has to do with a packet, written from the specification in the plainest way.
/// </summary>
internal sealed class Datapath
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Sctp = 132;
    private readonly World _world;
    private readonly Forwarding _forwarding;
    private readonly Replies _replies;
    private readonly FullNat _full;
    private readonly Errors _errors;
    private readonly Fragments _fragments;

    public Datapath(World world, Tally tally)
    {
        _world = world;
        Tally = tally;
        _forwarding = new Forwarding(world, tally);
        _replies = new Replies(world, tally);
        _full = new FullNat(world, tally, _forwarding, _replies);
        _errors = new Errors(world, tally, _forwarding, _replies, _full);
        _fragments = new Fragments(
            world, tally, _forwarding, _replies, new FullPieces(world, tally, _full, _forwarding, _replies));
    }

    public Tally Tally { get; }

    /// <summary>Takes one packet through, changing the world's flows and the tally.</summary>
    public Outcome Run(byte[] bytes)
    {
        Frame? frame = Frame.Read(bytes);
        if (frame is null)
        {
            return new Outcome(XdpAction.Pass, bytes);
        }

        return IsPlain(frame) ? Plain(frame)
            : Fragments.Is(frame) ? _fragments.Take(frame)
            : Special(frame);
    }

    /// <summary>Of SCTP with the header of the first chunk.</summary>
    private static int TransportLength(byte protocol) => protocol switch { Tcp => 20, Sctp => 16, _ => 8 };

    /// <summary>A transport straight behind the IP header, whole and not a fragment.</summary>
    private static bool IsPlain(Frame frame) =>
        frame.Protocol is Tcp or Udp or Sctp
        && (frame.V6 || frame.HeaderWords == 5)
        && !frame.IsFragment
        && frame.LengthsHold
        && frame.L4Length >= TransportLength(frame.Protocol);

    private Outcome Plain(Frame frame)
    {
        TransportProtocol protocol = (TransportProtocol)frame.Protocol;
        Endpoint to = new(frame.Destination, frame.DestinationPort, protocol);
        if (_world.TryGetService(to, out ServiceEntry? service))
        {
            return _full.Forward(frame, service) ?? _forwarding.Transport(frame, service);
        }

        return _full.Reply(frame) ?? _replies.Transport(frame) ?? new Outcome(XdpAction.Pass, frame.Bytes);
    }

    private Outcome Special(Frame frame)
    {
        if (!_world.IsVip(frame.Destination))
        {
            return _errors.FromBackend(frame) ?? new Outcome(XdpAction.Pass, frame.Bytes);
        }

        if (!frame.LengthsHold)
        {
            return Drop(frame, Verdict.DropMalformed);
        }

        if (HasOptions(frame))
        {
            return Drop(frame, Verdict.DropIpOptions);
        }

        if (frame.Protocol is Tcp or Udp or Sctp)
        {
            return Drop(frame, Verdict.DropMalformed);
        }

        return frame.Protocol == (frame.V6 ? 58 : 1)
            ? _errors.ToVip(frame)
            : Pass(frame, Verdict.PassNoService);
    }

    private static bool HasOptions(Frame frame) =>
        frame.V6 ? frame.Protocol is 0 or 43 or 51 or 60 : frame.HeaderWords > 5;

    private Outcome Drop(Frame frame, Verdict verdict)
    {
        Tally.Count(verdict, frame.Bytes.Length);
        return new Outcome(XdpAction.Drop, frame.Bytes);
    }

    private Outcome Pass(Frame frame, Verdict verdict)
    {
        Tally.Count(verdict, frame.Bytes.Length);
        return new Outcome(XdpAction.Pass, frame.Bytes);
    }
}
