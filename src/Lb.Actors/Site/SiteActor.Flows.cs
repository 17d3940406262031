using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in explaining a flow: joins what the kernel holds with what was decided.</summary>
public sealed partial class SiteActor
{
    private void OnExplainFlow(ExplainFlow explain) =>
        _ = ExplainAsync(explain, _services, _bridge).PipeTo(Sender, Self);

    private static async Task<object> ExplainAsync(ExplainFlow explain, IActorRef services, IActorRef bridge)
    {
        Task<object> kernel = bridge.Ask<object>(new TraceFlow(explain.Flow), AnswerTime);
        Task<SlotTold> decided = services.Ask<SlotTold>(new TellSlot(explain.Flow), AnswerTime);
        await Task.WhenAll(kernel, decided);
        object answer = await kernel;
        return answer is FlowTraced traced ? FlowExplanation.Of(traced, (await decided).Story) : answer;
    }
}
