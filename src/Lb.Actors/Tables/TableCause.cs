using System.Collections.Immutable;
using System.Globalization;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Something that led to a generation of a table.</summary>
public abstract record TableCause
{
    private TableCause()
    {
    }

    /// <summary>It was found in the kernel: what had led to it is not known any more.</summary>
    public sealed record Adopted : TableCause
    {
        /// <inheritdoc/>
        public override string ToString() => "taken over from the kernel at the start of lbd";
    }

    /// <summary>Another config.</summary>
    /// <param name="Revision">Its revision; 0 for a file that has none yet.</param>
    public sealed record Configured(long Revision) : TableCause
    {
        /// <inheritdoc/>
        public override string ToString() => Revision == 0 ? "the site file" : $"config revision {Revision}";
    }

    /// <summary>Another verdict on a backend.</summary>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Socket">The backend.</param>
    /// <param name="Verdict">The verdict.</param>
    /// <param name="Remembered">It is from before the start of lbd; no probe has confirmed it.</param>
    public sealed record Judged(string Backend, Endpoint Socket, HealthVerdict Verdict, bool Remembered) : TableCause
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"{Backend} is {(Verdict == HealthVerdict.Up ? "up" : "down")}"
            + (Remembered ? ", as it was before the start of lbd" : "");
    }

    /// <summary>A backend that comes up slowly has another share of its weight.</summary>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Thousandths">The share.</param>
    public sealed record Stepped(string Backend, int Thousandths) : TableCause
    {
        /// <inheritdoc/>
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Backend} has {Thousandths / 10.0:0.#} % of its weight (slow-start)");
    }

    /// <summary>A backend had had its time to drain.</summary>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Socket">The backend.</param>
    public sealed record Drained(string Backend, Endpoint Socket) : TableCause
    {
        /// <inheritdoc/>
        public override string ToString() => $"the time of {Backend} to drain was over";
    }

    /// <summary>A backend that had left the config had no flow left.</summary>
    /// <param name="Backend">Name of the backend.</param>
    /// <param name="Socket">The backend.</param>
    public sealed record Forgotten(string Backend, Endpoint Socket) : TableCause
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Backend} had no flow left and is forgotten";
    }

    /// <summary>A sweep: no slot got another backend.</summary>
    /// <param name="Clean">Moved slots that became clean.</param>
    /// <param name="WindowOver">Slots of which unknown flows count as new from then on.</param>
    public sealed record Swept(int Clean, int WindowOver) : TableCause
    {
        /// <inheritdoc/>
        public override string ToString() => $"sweep: {Clean} slots became clean, {WindowOver} had their window over";
    }

    /// <summary>Other nodes have slots moved or clean otherwise: no slot got another backend.</summary>
    /// <param name="Slots">How many were taken over.</param>
    public sealed record Taken(int Slots) : TableCause
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Slots} slots are moved or clean as other nodes have them";
    }
}

/// <summary>Why there is a generation.</summary>
/// <param name="Revision">Number of the generation on this node.</param>
/// <param name="When">When it was built.</param>
/// <param name="Changed">Slots that got another current backend.</param>
/// <param name="Causes">What led to it, as far as it is kept.</param>
public sealed record GenerationNote(
    long Revision, DateTimeOffset When, int Changed, ImmutableArray<TableCause> Causes);
