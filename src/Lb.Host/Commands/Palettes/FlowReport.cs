using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Commands;

/// <summary>The answer of <c>flow lookup</c>.</summary>
internal sealed class FlowReport(FlowExplanation explained, FlowCauses causes)
{
    private readonly FlowTrace _trace = explained.Trace;
    private readonly SlotStory? _story = explained.Story;
    private readonly FlowWords _words = new(explained);

    /// <summary>The answer about a destination that is no service.</summary>
    public static CommandResult WithoutService(FlowExplanation explained)
    {
        FlowTrace trace = explained.Trace;
        IPEndPoint vip = new(trace.Flow.Vip, trace.Flow.VipPort);
        string protocol = Api.Word.Of(trace.Flow.Protocol);
        string what = trace.Reply is { } reply
            ? $"{new IPEndPoint(trace.Flow.Source, trace.Flow.SourcePort)} is a nat backend: this is a reply. It gets "
                + $"{new IPEndPoint(reply.Vip, reply.Port)} as its source, unless {trace.Flow.Vip} is the node's own or in nat.direct."
            : trace.IsVip
                ? $"{trace.Flow.Vip} is a VIP, but {protocol} port {vip.Port} is no service of it: the packets pass to the host."
                : $"{trace.Flow.Vip} is no VIP of this node: the packets pass to the host as they came.";
        string differences = string.Join('\n', explained.Differences.Select(difference => $"Differs: {difference}."));
        return CommandResult.Say(
            differences.Length == 0 ? what : $"{what}\n{differences}",
            new JsonObject
            {
                ["service"] = null,
                ["isVip"] = trace.IsVip,
                ["isReply"] = trace.Reply is not null,
                ["differences"] = FlowData.Words(explained.Differences),
            });
    }

    public CommandResult ToResult()
    {
        ImmutableArray<ImmutableArray<string>> rows = [.. Rows().Select(row => (ImmutableArray<string>)[row.What, row.Answer])];
        return new CommandResult(
            Headline(),
            [new("what", "What"), new("answer", "Answer")],
            rows,
            null,
            FlowData.Of(explained, Change(), About()));
    }

    private string Headline()
    {
        string[] ways = [.. explained.Choices
            .Select(choice => choice.Value.Verdict == Verdict.Forward ? _words.Backend(choice.Value.Backend) : "nobody")
            .Distinct()];
        return ways.Length == 1
            ? $"{_words.Flow} goes to {ways[0]} of {_words.Service}."
            : $"{_words.Flow} goes to {ways[0]} of {_words.Service} by {_words.Opening}, to {ways[1]} by other {_words.Others}.";
    }

    private IEnumerable<(string What, string Answer)> Rows()
    {
        ServiceEntry service = _trace.Service!;
        yield return ("Service", $"{_words.Service}, {Api.Word.OfMode(service.Mode)}, tracking {Api.Word.Of(service.Tracking)}"
            + (service.Resets ? ", dead flows reset" : ""));
        yield return ("Hook", _words.Hook);
        yield return ("Slot", $"{_trace.SlotNumber} of {service.Slots}, by hash 0x{_trace.Hash:x8}");
        yield return ("Generation", Generation());
        yield return ("Slot holds", _words.Slot);
        yield return ("Tracked", _words.Tracked);
        if (_words.Client is { } client)
        {
            yield return ("Client", client);
        }

        foreach ((FlowPacket packet, FlowChoice choice) in explained.Choices)
        {
            yield return (_words.Packet(packet), _words.Choice(choice));
        }

        if (service.Quic is { } quic)
        {
            yield return ("Connection ID", $"a QUIC packet whose ID has config ID {quic.ConfigId} and the server ID of a backend that "
                + "is alive goes to that one instead");
        }

        foreach ((string What, string Answer) row in Why())
        {
            yield return row;
        }

        yield return ("Counters", $"{_words.Service}: {Counters(explained.Traffic)}");
        foreach ((uint index, Traffic traffic) in explained.BackendTraffic.OrderBy(backend => backend.Key))
        {
            yield return ("", $"{_words.Backend(index)}: {Counters(traffic)}");
        }

        foreach (string difference in explained.Differences)
        {
            yield return ("Differs", difference);
        }
    }

    private string Generation() => _story is null ? "not known: the service is not one of this node"
        : _story.Written == _story.Revision ? $"{_story.Revision} on this node, digest {_story.Digest}"
        : $"{_story.Revision} on this node, digest {_story.Digest}; the kernel was given {_story.Written}";

    private IEnumerable<(string What, string Answer)> Why()
    {
        if (_story is null)
        {
            yield break;
        }

        yield return ("Why", SlotChange());
        if (Change() is { } change)
        {
            yield return ("", FlowCauses.Words(change, FlowCauses.About(change, _story.Service, null)
                .Concat(change.Site.Where(part => part.Scope is ["services", var name, "backends", ..] && name == _story.Service))));
        }

        if (Current() is { } backend && (About() is null || About() != Change()))
        {
            yield return ("Config", About() is { } about
                ? FlowCauses.Words(about, FlowCauses.About(about, _story.Service, backend.Name))
                : causes.Problem ?? $"no revision in the journal is about {backend.Name}");
        }

        if (PoolWords.Of(_story.Use) is { } use)
        {
            yield return ("Pool", use);
        }

        foreach (StoryBackend named in Named())
        {
            yield return ("Health", FlowWords.Health(named));
        }
    }

    private string SlotChange()
    {
        string who = Current() is { } backend ? backend.Name : "nobody";
        return _story switch
        {
            { Slots: 0 } => "the service has no backend for new flows",
            { ChangedAt: 0 } => $"{who} had the slot when lbd started; what led to it is not known any more",
            { Change: null } =>
                $"{who} has the slot since generation {_story.ChangedAt}; what led to that is not remembered any more",
            _ => $"{who} has the slot since generation {_story!.ChangedAt} of {FlowWords.Time(_story.Change.When)}: "
                + string.Join("; ", _story.Change.Causes),
        };
    }

    /// <summary>The backend that was decided to have the slot.</summary>
    private StoryBackend? Current() => _story?.Find(_story.Current);

    /// <summary>The backends that have to do with the flow.</summary>
    private IEnumerable<StoryBackend> Named() => FlowTrace.Named(_trace.Slot, _trace.Established, _trace.Pending)
        .Select(explained.SocketOf)
        .Append(_story!.Current)
        .Append(_story.Previous)
        .OfType<Endpoint>()
        .Distinct()
        .Select(socket => _story.Find(socket))
        .OfType<StoryBackend>();

    /// <summary>The revision that led to the slot's backend; null when it was no revision.</summary>
    private SiteChanged? Change() => _story?.Change?.Causes.OfType<TableCause.Configured>().LastOrDefault() is { } configured
        ? causes.Find(configured.Revision)
        : null;

    private SiteChanged? About() => Current() is { } backend ? causes.LastAbout(_story!.Service, backend.Name) : null;

    private static string Counters(Traffic traffic) => string.Create(
        CultureInfo.InvariantCulture,
        $"{traffic.Forwarded.Packets} packets forwarded, {traffic.Replied.Packets} replies, {traffic.Dropped.Packets} dropped, {traffic.NewFlows} SYNs or INITs");
}
