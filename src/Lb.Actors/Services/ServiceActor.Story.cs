using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Why the service's table is as it is: what happened, and the story of one slot.</summary>
internal sealed partial class ServiceActor
{
    private readonly List<TableCause> _causes = [];

    // When probes reached the verdicts that hold; one from before the start of lbd is not here.
    private readonly Dictionary<Endpoint, DateTimeOffset> _judged = [];
    private TableHistory _history = TableHistory.Empty;

    private void Note(ServiceCommand command, ServiceEvent happened, bool remembered)
    {
        if (happened is ServiceEvent.MemberChanged { After: var after, Before: var before }
            && after.Verdict != before.Verdict)
        {
            _judged.Remove(after.Socket);
            if (command is ServiceCommand.Judge && !remembered)
            {
                _judged[after.Socket] = _context.Clock.GetUtcNow();
            }
        }
        else if (happened is ServiceEvent.MemberForgotten { Member.Socket: var gone })
        {
            _judged.Remove(gone);
        }

        TableCause? cause = (command, happened) switch
        {
            (ServiceCommand.Judge, ServiceEvent.MemberChanged changed) when changed.After.Verdict == changed.Before.Verdict =>
                new TableCause.Stepped(changed.After.Name, SlowStart.Thousandths(changed.After.Step, _config.Pool.SlowStartFrom)),
            (ServiceCommand.Judge judge, ServiceEvent.MemberChanged changed) =>
                new TableCause.Judged(changed.After.Name, judge.Socket, judge.Verdict, remembered),
            (ServiceCommand.EndDrains, ServiceEvent.MemberChanged { After: { DrainOver: true } drained }) =>
                new TableCause.Drained(drained.Name, drained.Socket),
            (_, ServiceEvent.MemberForgotten forgotten) =>
                new TableCause.Forgotten(forgotten.Member.Name, forgotten.Member.Socket),
            (ServiceCommand.Configure, _) => new TableCause.Configured(_revision),
            _ => null,
        };
        if (cause is not null && !_causes.Contains(cause))
        {
            _causes.Add(cause);
        }
    }

    private void OnTellSlot(TellSlot tell) => Sender.Tell(new SlotTold(_state is null || _generation is null
        ? null
        : SlotStory.Of(
            tell.Flow, _state, _generation, _history, _judged.ToImmutableDictionary(), _flowsConfig, _written, _context.Now)));
}
