<% include "releases/templates/_helpers.tpl" %>
