using Akka.Actor;

namespace Lb.Actors;

/// <summary>
/// How a <see cref="ChildSet{TKey}"/> is supervised: a child that fails is stopped, and the set starts another one, with
/// what is configured now. One that were restarted would begin with what was configured when it was made.
/// </summary>
internal static class Anew
{
    /// <summary>The strategy.</summary>
    public static SupervisorStrategy Strategy { get; } = new OneForOneStrategy(_ => Directive.Stop);
}
