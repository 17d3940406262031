using System.Data.Common;

namespace Akka.Persistence.Sql.Database;

/// <summary>The stored rows of a persistence id do not end right before those that were to be written.</summary>
internal sealed class OutOfSequenceException : DbException
{
    private OutOfSequenceException(string message, Exception? cause)
        : base(message, cause)
    {
    }

    /// <summary>Returns the failure of a writer whose number does not follow the highest one stored.</summary>
    internal static OutOfSequenceException Of(string persistenceId, long number, long highest) =>
        highest >= number
            ? Lost(persistenceId, number)
            : new OutOfSequenceException(
                $"The stored events of [{persistenceId}] end at sequence number {highest}, but the next one to store "
                + $"has number {number}: rows are gone, perhaps an older copy of the database was put in place; "
                + "nothing was written",
                null);

    /// <summary>Returns the failure of a writer that another one has overtaken.</summary>
    internal static OutOfSequenceException Lost(string persistenceId, long number, Exception? cause = null) => new(
        $"Another writer has stored events of [{persistenceId}] from sequence number {number} on: this writer has "
        + "lost, nothing was overwritten",
        cause);
}
