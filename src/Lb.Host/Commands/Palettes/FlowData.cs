using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Commands;

/// <summary>An explanation of a flow for programs.</summary>
internal static class FlowData
{
    /// <summary>The explanation.</summary>
    /// <param name="explained">What is known.</param>
    /// <param name="change">The revision that led to the slot's backend; null for none.</param>
    /// <param name="about">The last revision about that backend; null for none.</param>
    public static JsonObject Of(FlowExplanation explained, SiteChanged? change, SiteChanged? about)
    {
        FlowTrace trace = explained.Trace;
        ServiceEntry service = trace.Service!;
        return new JsonObject
        {
            ["protocol"] = Api.Word.Of(trace.Flow.Protocol),
            ["client"] = new IPEndPoint(trace.Flow.Source, trace.Flow.SourcePort).ToString(),
            ["vip"] = new IPEndPoint(trace.Flow.Vip, trace.Flow.VipPort).ToString(),
            ["service"] = explained.Story?.Service,
            ["mode"] = Api.Word.OfMode(service.Mode),
            ["tracking"] = Api.Word.Of(service.Tracking),
            ["resets"] = service.Resets,
            ["hook"] = new FlowWords(explained).HookName,
            ["interfaces"] = new JsonArray([.. explained.Attachments.Select(Interface)]),
            ["hash"] = trace.Hash,
            ["slot"] = trace.SlotNumber,
            ["slots"] = service.Slots,
            ["current"] = Backend(explained, trace.Slot?.Current ?? 0),
            ["previous"] = Backend(explained, trace.Slot?.Previous ?? 0),
            ["clean"] = trace.Slot?.IsClean,
            ["windowOver"] = trace.Slot?.WindowOver,
            ["tracked"] = Entry(explained, trace.Full ?? trace.Established ?? trace.Pending),
            ["kept"] = Client(explained),
            ["packets"] = new JsonArray([.. explained.Choices.Select(choice => Choice(explained, choice))]),
            ["decided"] = Story(explained.Story, change, about),
            ["differences"] = Words(explained.Differences),
            ["counters"] = Counters(explained.Traffic),
        };
    }

    /// <summary>Sentences.</summary>
    public static JsonArray Words(ImmutableArray<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);

    private static JsonObject Interface(Attachment attachment) => new JsonObject
    {
        ["interface"] = attachment.Interface,
        ["attach"] = Api.Word.Of(attachment.Xdp),
    };

    private static JsonObject? Backend(FlowExplanation explained, uint index)
    {
        if (index == 0)
        {
            return null;
        }

        JsonObject backend = new()
        {
            ["index"] = index,
            ["backend"] = null,
            ["address"] = null,
            ["alive"] = explained.Trace.Backends.GetValueOrDefault(index)?.Alive,
        };
        if (explained.SocketOf(index) is { } socket)
        {
            backend["backend"] = explained.Story?.Find(socket)?.Name;
            backend["address"] = socket.SocketText;
            backend["counters"] = explained.BackendTraffic.TryGetValue(index, out Traffic traffic) ? Counters(traffic) : null;
        }

        return backend;
    }

    private static JsonObject? Entry(FlowExplanation explained, FlowRecord? entry) => entry is not { } found
        ? null
        : new JsonObject
        {
            ["state"] = found.Pending ? "pending" : "established",
            ["backend"] = Backend(explained, found.Backend),
            ["slot"] = found.Slot,
            ["idleSeconds"] = found.Idle.TotalSeconds,
            ["used"] = new FlowWords(explained).IsUsed(found),
            ["sentFrom"] = found.SentFrom?.ToString(),
        };

    private static JsonObject? Client(FlowExplanation explained) => explained.Trace.Client is not { } client
        ? null
        : new JsonObject
        {
            ["address"] = client.Client.ToString(),
            ["backend"] = Backend(explained, client.Backend),
            ["idleSeconds"] = KeptClient.Time(client.Idle).TotalSeconds,
            ["timeoutSeconds"] = KeptClient.Time(explained.Trace.Service!.AffinityTicks).TotalSeconds,
        };

    private static JsonObject Choice(FlowExplanation explained, KeyValuePair<FlowPacket, FlowChoice> choice) => new JsonObject
    {
        ["packet"] = Api.Word.Of(choice.Key),
        ["verdict"] = choice.Value.Verdict is { } verdict ? Api.Word.Of(verdict) : "pass",
        ["reason"] = Api.Word.Of(choice.Value.Reason),
        ["backend"] = Backend(explained, choice.Value.Backend),
        ["remembers"] = choice.Value.Remembers,
        ["unremembered"] = Backend(explained, choice.Value.Unremembered?.Backend ?? 0),
    };

    private static JsonObject? Story(SlotStory? story, SiteChanged? change, SiteChanged? about) => story is null
        ? null
        : new JsonObject
        {
            ["generation"] = story.Revision,
            ["written"] = story.Written,
            ["digest"] = story.Digest,
            ["movedSlots"] = story.MovedSlots,
            ["movedForSeconds"] = story.MovedFor?.TotalSeconds,
            ["memorySeconds"] = story.Memory.TotalSeconds,
            ["changedAt"] = story.ChangedAt,
            ["changedWhen"] = story.Change?.When.ToString("O", CultureInfo.InvariantCulture),
            ["causes"] = story.Change is { } note ? Words([.. note.Causes.Select(cause => cause.ToString()!)]) : null,
            ["change"] = change is null ? null : FlowCauses.Data(change, change.Site),
            ["config"] = about is null ? null : FlowCauses.Data(about, about.Site),
            ["pool"] = Api.Word.Of(story.Use),
            ["backends"] = new JsonArray([.. story.Backends.Select(Backend)]),
        };

    private static JsonObject Backend(StoryBackend backend) => new JsonObject
    {
        ["backend"] = backend.Name,
        ["address"] = backend.Socket.SocketText,
        ["state"] = Api.Word.Of(backend.State),
        ["verdict"] = Api.Word.Of(backend.Verdict),
        ["checked"] = backend.Checked,
        ["since"] = backend.Since?.ToString("O", CultureInfo.InvariantCulture),
        ["weight"] = backend.Weight,
    };

    private static JsonObject Counters(Traffic traffic) => new()
    {
        ["forwarded"] = traffic.Forwarded.Packets,
        ["replied"] = traffic.Replied.Packets,
        ["dropped"] = traffic.Dropped.Packets,
        ["newFlows"] = traffic.NewFlows,
    };
}
