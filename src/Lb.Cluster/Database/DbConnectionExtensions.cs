using System.Data.Common;

namespace Lb.Cluster.Database;

/// <summary>Statements in one line.</summary>
internal static class DbConnectionExtensions
{
    internal static DbCommand Command(
        this DbConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    internal static async Task<int> ExecuteAsync(
        this DbConnection connection, string text, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(text);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static async Task<object?> ScalarAsync(
        this DbConnection connection, string text, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(text);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
